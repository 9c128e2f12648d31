using System.Text.RegularExpressions;

namespace Aspire.Hosting.Page;

internal static partial class LogsView
{
    public static string Render(string id, IReadOnlyList<LogLine> lines)
    {
        var name = Layout.Encode(id);
        var last = lines.Count == 0 ? 0 : lines[^1].LineNumber;
        return Layout.Page($"{id}: logs", $"""
            <h1>{name}</h1>
            <form method="post" action="/resources/{name}/restart"><button>Restart</button></form>
            <div class="log" role="log" tabindex="0" aria-label="Logs of {name}" data-append="/resources/{name}/lines?after={last}">{string.Concat(lines.Select(Line))}</div>
            """);
    }

    public static string Line(LogLine line) =>
        $"<div{(line.IsErrorMessage ? " class=\"bad\"" : "")}>{Layout.Encode(Colours().Replace(line.Content, ""))}</div>";

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();
}
