using Aigc.Engines.Lifecycle;

namespace Aigc.Api.Engines;

/// <summary>Reasons in the language of the request.</summary>
public static class ReasonText
{
    public static string Of(Reason reason) => reason.Detail is null ? reason.Code : $"{reason.Code}: {reason.Detail}";
}
