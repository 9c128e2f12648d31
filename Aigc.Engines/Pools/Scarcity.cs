namespace Aigc.Engines.Pools;

/// <summary>The fewer cards are free, the sooner idle engines give theirs to others.</summary>
/// <param name="Least">The idle timeout while nothing is free, or somebody waits.</param>
/// <param name="Below">The free part of all cards from which on it matters.</param>
public readonly record struct Scarcity(TimeSpan Least, double Below = Scarcity.UsualBelow)
{
    public const double UsualBelow = 0.15;

    /// <param name="usual">The idle timeout while there is plenty.</param>
    /// <param name="free">The part of all cards that is free.</param>
    public TimeSpan IdleTimeout(TimeSpan usual, double free) =>
        usual <= Least || free >= Below ? usual : Least + ((usual - Least) * (Math.Max(0, free) / Below));
}
