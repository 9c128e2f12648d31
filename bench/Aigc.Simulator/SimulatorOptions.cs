using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Aigc.Simulator;

/// <summary>What the command line asks for.</summary>
internal sealed record SimulatorOptions
{
    public const string Help = "--seeds 1,2,3 | --csv FILE [--zone Europe/Berlin]; --artists 500; --policy ours[,cull ...]; --write FILE: the first seed's trace, as CSV";

    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];
    public int Artists { get; init; } = 500;

    /// <summary>Real visits, instead of the model's.</summary>
    public string? Csv { get; init; }

    /// <summary>Where people's days and weeks begin.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The names of policies to compare; empty: all.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    public string? Write { get; init; }

    public static bool TryRead(string[] arguments, [NotNullWhen(true)] out SimulatorOptions? options, [NotNullWhen(false)] out string? trouble)
    {
        (options, trouble) = (new(), null);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if ((i + 1 < arguments.Length ? With(options, arguments[i], arguments[i + 1]) : null) is not { } read)
            {
                (options, trouble) = (null, $"{string.Join(' ', arguments[i..Math.Min(i + 2, arguments.Length)])}: not understood.");
                return false;
            }

            options = read;
        }

        return true;
    }

    private static SimulatorOptions? With(SimulatorOptions options, string name, string value) => name switch
    {
        "--seeds" when Numbers(value) is { } seeds => options with { Seeds = seeds },
        "--artists" when Numbers(value) is [> 0 and var artists] => options with { Artists = artists },
        "--csv" => options with { Csv = value },
        "--zone" when TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) => options with { Zone = zone },
        "--policy" => options with { Policies = value.Split(',') },
        "--write" => options with { Write = value },
        _ => null,
    };

    private static int[]? Numbers(string value)
    {
        var numbers = new List<int>();
        foreach (var part in value.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            numbers.Add(number);
        }

        return [.. numbers];
    }
}
