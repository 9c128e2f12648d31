namespace Aigc.Engines.Ahead;

/// <summary>How many engines to have started before anybody asks.</summary>
public static class WarmPools
{
    /// <summary>As many as are worth what they cost: one more is kept while what it saves people outweighs the cards that it holds.</summary>
    /// <param name="expected">Arrivals while a replacement starts; people come independently of each other.</param>
    /// <param name="replacement">How long that takes.</param>
    /// <param name="gpus">What one holds.</param>
    /// <param name="worth">The time of one GPU that it is worth to spare one person the wait.</param>
    public static int Size(double expected, TimeSpan replacement, double gpus, TimeSpan worth)
    {
        // The chance that somebody needs the last of them, by the Poisson distribution, against which a GPU's time is better left to others.
        var least = replacement * gpus / worth;
        var size = 0;
        var chance = Math.Exp(-expected);
        for (var needed = 1 - chance; needed >= least; needed -= chance)
            chance *= expected / ++size;
        return size;
    }
}
