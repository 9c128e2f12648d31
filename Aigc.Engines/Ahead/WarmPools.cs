namespace Aigc.Engines.Ahead;

/// <summary>How many engines to have started before anybody asks.</summary>
public static class WarmPools
{
    /// <summary>Enough that among those who come while a replacement starts, hardly anybody finds none.</summary>
    /// <param name="expected">Arrivals while one starts; people come independently of each other.</param>
    /// <param name="missed">The share of them that may find none.</param>
    /// <param name="fewest">Below so many expected arrivals it is not worth keeping one.</param>
    public static int Size(double expected, double missed, double fewest)
    {
        if (expected < fewest)
            return 0;
        // The smallest number that so many arrivals exceed with that chance only, by the Poisson distribution.
        var size = 0;
        var chance = Math.Exp(-expected);
        for (var sum = chance; sum < 1 - missed; sum += chance)
            chance *= expected / ++size;
        return size + 1;
    }
}
