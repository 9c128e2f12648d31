using System.Globalization;
using Aigc.Engines.Lifecycle;

namespace Aigc.Api.Engines;

/// <summary>Reasons in the language of the request.</summary>
public static class ReasonText
{
    public static string Of(Reason reason) => ReasonWords.For(reason, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
}
