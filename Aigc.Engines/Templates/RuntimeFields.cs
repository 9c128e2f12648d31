using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>How an engine runs.</summary>
internal static partial class RuntimeFields
{
    private const long LargestAmount = 1_000_000;

    public static LocalRuntime Local(FieldReader fields)
    {
        fields.Allow("command", "arguments", "environment", "port", "resources");
        return new(
            fields.Text("command", text => !string.IsNullOrWhiteSpace(text) && Placeholders.FirstMistake(text) is null,
                "write a program's name or path, such as dotnet or {demoEngine}.", "it is the program to start, such as dotnet.") ?? "",
            fields.List("arguments", Filled),
            fields.Map("environment")?.Texts(VariableName, Filled) ?? new Dictionary<string, string>(),
            fields.Number("port", 1, 65535),
            fields.Map("resources")?.Texts(ResourceName, Amount).ToDictionary(one => one.Key, one => (long)(Quantity.Parse(one.Value) ?? 0), StringComparer.Ordinal));
    }

    private static string? ResourceName(string name) =>
        ResourcePattern().IsMatch(name) ? null : "is no name of a resource; write what a pool supplies, such as nvidia.com/gpu.";

    private static string? Amount(string text) =>
        Quantity.Parse(text) is > 0 and <= LargestAmount and var amount && amount == decimal.Truncate(amount)
            ? null
            : $"'{text}' is not allowed; write a whole number from 1 to {LargestAmount}.";

    private static string? Filled(string text) => Placeholders.FirstMistake(text) is { } mistake
        ? $"'{mistake}' is no placeholder; write {{port}}, {{data}}, {{cache}} or a variable of the operator's, letters and digits in braces."
        : null;

    private static string? VariableName(string name) =>
        VariablePattern().IsMatch(name) ? null : "is no name of a variable; use letters, digits and underscores, beginning with no digit.";

    [GeneratedRegex(@"\A(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex ResourcePattern();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,199}\z")]
    private static partial Regex VariablePattern();
}
