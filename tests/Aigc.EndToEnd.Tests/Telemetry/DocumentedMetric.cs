using System.Text.RegularExpressions;
using Aigc.Testing;

namespace Aigc.EndToEnd.Tests.Telemetry;

/// <summary>A row of the table of metrics in docs/telemetry.md.</summary>
internal sealed partial record DocumentedMetric(string Name, string Unit, string Kind, IReadOnlySet<string> Services, IReadOnlySet<string> Attributes)
{
    public static IReadOnlyList<DocumentedMetric> Read() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs/telemetry.md"))
            .Where(line => line.StartsWith("| `aigc.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new DocumentedMetric(
                cells[1].Trim('`'), cells[2].Trim('`'), cells[3], cells[4].Split(", ").ToHashSet(),
                Quoted().Matches(cells[5]).Select(match => match.Groups[1].Value).ToHashSet())),
    ];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
