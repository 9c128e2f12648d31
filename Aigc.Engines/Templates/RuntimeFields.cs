using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>How an engine runs.</summary>
internal static partial class RuntimeFields
{
    public static LocalRuntime Local(FieldReader fields)
    {
        fields.Allow("command", "arguments", "environment", "port");
        return new(
            fields.Text("command", text => !string.IsNullOrWhiteSpace(text) && Placeholders.FirstMistake(text) is null,
                "write a program's name or path, such as dotnet or {demoEngine}.", "it is the program to start, such as dotnet.") ?? "",
            fields.List("arguments", Filled),
            fields.Map("environment")?.Texts(VariableName, Filled) ?? new Dictionary<string, string>(),
            fields.Number("port", 1, 65535));
    }

    private static string? Filled(string text) => Placeholders.FirstMistake(text) is { } mistake
        ? $"'{mistake}' is no placeholder; write {{port}}, {{data}}, {{cache}} or a variable of the operator's, letters and digits in braces."
        : null;

    private static string? VariableName(string name) =>
        VariablePattern().IsMatch(name) ? null : "is no name of a variable; use letters, digits and underscores, beginning with no digit.";

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,199}\z")]
    private static partial Regex VariablePattern();
}
