namespace Aspire.Hosting.Logs;

/// <summary>Every line with the name of its resource in front, in colour on a terminal that wants it.</summary>
internal sealed class ConsoleWriter(TextWriter output, bool colour, int nameWidth)
{
    private static readonly int[] Colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    private const int LongestRule = 120;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _colours = [];

    /// <summary>https://no-color.org: any value but the empty one turns colour off.</summary>
    public static ConsoleWriter ForTerminal(int nameWidth) => new(
        Console.Out,
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        nameWidth);

    public void Write(string name, string line)
    {
        var padded = name.PadRight(nameWidth);
        lock (_lock) output.WriteLine(colour ? $"\e[{ColourOf(name)}m{padded}\e[0m │ {line}" : $"{padded} │ {line}");
    }

    /// <summary>Between two rules as long as the longest line, within reason, so that it is found among the log lines.</summary>
    public void WriteBlock(IReadOnlyList<string> lines)
    {
        var rule = new string('─', Math.Min(lines.Max(line => line.Length) + 2, LongestRule));
        lock (_lock)
        {
            output.WriteLine($"{Environment.NewLine}{rule}");
            foreach (var line in lines) output.WriteLine(colour ? $" \e[1m{line}\e[0m" : $" {line}");
            output.WriteLine($"{rule}{Environment.NewLine}");
        }
    }

    private int ColourOf(string name)
    {
        if (!_colours.TryGetValue(name, out var colour)) _colours[name] = colour = Colours[_colours.Count % Colours.Length];
        return colour;
    }
}
