using System.Diagnostics;
using System.Diagnostics.Metrics;
using Yarp.ReverseProxy.Forwarder;

namespace Aigc.Proxy;

/// <summary>What the proxy counts. Outcomes are as the visitor sees them.</summary>
public sealed class ProxyMetrics
{
    public const string Name = "Aigc.Proxy";
    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> _requests;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _wait;

    public ProxyMetrics(IMeterFactory meters, Waiting.Seats seats)
    {
        var meter = meters.Create(Name);
        _requests = meter.CreateCounter<long>("aigc.proxy.requests", "{request}", "Requests for engines, by outcome");
        _errors = meter.CreateCounter<long>("aigc.proxy.forward.errors", "{error}", "Requests that broke on the way, by kind");
        _wait = meter.CreateHistogram<double>("aigc.proxy.wait.duration", "s", "How long a held request waited for its engine");
        meter.CreateObservableUpDownCounter("aigc.proxy.waiting", () => seats.Taken, "{request}", "Requests that wait for an engine now");
    }

    public void Forwarded() => Count("forwarded");

    public void Answered(string problem) => Count(problem);

    public void Paged() => Count("waiting-page");

    public void ForwardFailed(ForwarderError error) => _errors.Add(1, new KeyValuePair<string, object?>("error.type", error.ToString()));

    public void Waited(TimeSpan time) => _wait.Record(time.TotalSeconds);

    private void Count(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
