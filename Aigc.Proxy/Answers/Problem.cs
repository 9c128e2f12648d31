using Aigc.Engines.Templates;

namespace Aigc.Proxy.Answers;

/// <summary>A way in which a request can fail here: RFC 9457 problem details to programs, a page to people.</summary>
/// <param name="Name">The last part of the problem's type, <c>urn:aigc:problem:{name}</c>.</param>
/// <param name="Title">One sentence on what happened.</param>
/// <param name="Next">One sentence on what to do.</param>
public sealed record Problem(string Name, int Status, LocalizedText Title, LocalizedText Next, TimeSpan? RetryAfter = null)
{
    public string Type => "urn:aigc:problem:" + Name;
}
