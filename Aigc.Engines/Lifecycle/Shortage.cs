namespace Aigc.Engines.Lifecycle;

/// <summary>What the cluster has too little of, as the detail of <see cref="Reasons.NoRoom"/>.</summary>
public static class Shortage
{
    private const string Words = "not enough ";

    /// <param name="resources">As the cluster names them, such as <c>nvidia.com/gpu</c>. Their order says nothing: it changes from one look to the next.</param>
    public static string Of(IEnumerable<string> resources) => Words + string.Join(", ", resources.Distinct().Order(StringComparer.Ordinal));

    /// <summary>Null: the detail is about something else.</summary>
    public static string? ResourcesIn(string detail) => detail.StartsWith(Words, StringComparison.Ordinal) ? detail[Words.Length..] : null;
}
