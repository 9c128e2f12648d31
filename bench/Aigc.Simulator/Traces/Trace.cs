namespace Aigc.Simulator.Traces;

/// <summary>A request that a person made.</summary>
/// <param name="Work">How long the engine is at work on it.</param>
/// <param name="Watched">How long its page stays open meanwhile: a proxy sees traffic as long.</param>
internal readonly record struct Use(DateTimeOffset At, TimeSpan Work, TimeSpan Watched);

/// <param name="Eighths">What it takes of a card.</param>
internal sealed record EngineKind(string Template, int Eighths)
{
    public double Gpus => Eighths / 8.0;
}

/// <param name="Uses">In the order of time.</param>
internal sealed record Artist(string Name, string Group, EngineKind Kind, IReadOnlyList<Use> Uses);

/// <summary>Who asked for what, and when: the same for every policy.</summary>
/// <param name="Zone">Where their days and weeks begin.</param>
internal sealed record Trace(IReadOnlyList<Artist> Artists, DateTimeOffset Begin, DateTimeOffset End, TimeZoneInfo Zone)
{
    public DateTimeOffset LastUse { get; } = Artists.SelectMany(artist => artist.Uses).Select(use => use.At).DefaultIfEmpty(Begin).Max();
}
