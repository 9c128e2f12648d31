namespace Aigc.Engines.Templates.Importing;

/// <summary>The words with which a container is started: its command, its arguments, and what variables hold.</summary>
internal static class Words
{
    private static readonly char[] Separators = [' ', '\t', '\n', '='];

    public static IReadOnlyList<string> Of(YamlMap container) =>
    [
        .. container.Texts("command").Concat(container.Texts("args")).Concat(container.Maps("env").Select(variable => variable.Text("value")).OfType<string>())
            .SelectMany(text => text.Split(Separators, StringSplitOptions.RemoveEmptyEntries)),
    ];
}
