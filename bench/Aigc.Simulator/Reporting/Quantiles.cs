namespace Aigc.Simulator.Reporting;

/// <summary>Waits, of which so many took no longer.</summary>
internal sealed class Quantiles
{
    private readonly List<TimeSpan> _values = [];
    private bool _isSorted = true;

    public int Count => _values.Count;

    public void Add(TimeSpan value)
    {
        _values.Add(value);
        _isSorted = false;
    }

    public TimeSpan At(double quantile)
    {
        if (!_isSorted)
            _values.Sort();
        _isSorted = true;
        return _values.Count == 0 ? TimeSpan.Zero : _values[Math.Min(_values.Count - 1, (int)(_values.Count * quantile))];
    }
}
