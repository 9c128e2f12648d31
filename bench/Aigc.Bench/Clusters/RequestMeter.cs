using System.Diagnostics.Metrics;

namespace Aigc.Bench.Clusters;

/// <summary>Counts the requests that servers of this process answered; not those with a route, as engines have. A watch counts when it ends.</summary>
internal sealed class RequestMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private List<Request> _requests = [];

    /// <param name="At">When it came, in seconds.</param>
    public sealed record Request(double At, int Status);

    public RequestMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "http.server.request.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>(Note);
        _listener.Start();
    }

    /// <summary>Those since the last time.</summary>
    public IReadOnlyList<Request> Take()
    {
        lock (_lock)
        {
            var taken = _requests;
            _requests = [];
            return taken;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var status = 0;
        foreach (var (name, value) in tags)
        {
            if (name == "http.route")
                return;
            if (name == "http.response.status_code")
                status = (int)value!;
        }

        var at = TimeProvider.System.GetElapsedTime(0).TotalSeconds - seconds;
        lock (_lock)
            _requests.Add(new(at, status));
    }
}
