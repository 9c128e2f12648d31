using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aigc.Proxy.Routes;
using Yarp.ReverseProxy.Forwarder;

namespace Aigc.Proxy;

/// <summary>What the proxy counts. Outcomes are those of the first attempt, as the visitor sees it.</summary>
public sealed class ProxyMetrics
{
    public const string Name = "Aigc.Proxy";
    public static readonly ActivitySource Source = new(Name);

    /// <summary>Seconds.</summary>
    private static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
    };

    private readonly Counter<long> _requests;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _interruptions;
    private readonly Histogram<double> _wait;

    public ProxyMetrics(IMeterFactory meters, Waiting.Seats seats, RouteTable routes)
    {
        var meter = meters.Create(Name);
        _requests = meter.CreateCounter<long>("aigc.requests", "{request}", "Requests for engines, by what their visitors saw.");
        _errors = meter.CreateCounter<long>("aigc.forward.errors", "{error}", "Forwarded requests that broke on the way, by kind.");
        _interruptions = meter.CreateCounter<long>("aigc.feed.interruptions", "{interruption}", "Feeds of changes that broke off and began again.");
        _wait = meter.CreateHistogram("aigc.wait.duration", "s", "How long a held request waited for its engine.", tags: null, Waits);
        meter.CreateObservableUpDownCounter("aigc.waiting", () => seats.Taken, "{request}", "Requests that wait for an engine now.");
        meter.CreateObservableUpDownCounter("aigc.leases.open", () => routes.Engines.Sum(engine => (long)engine.Lease.Open), "{lease}", "Requests that hold engines awake now.");
    }

    /// <param name="waited">Whether it was held until its engine had woken.</param>
    public void Forwarded(bool waited) => Count(waited ? "waited" : "forwarded");

    /// <summary>Answered by the gateway in place of the engine.</summary>
    public void Answered(string problem, int status) => _requests.Add(
        1, new("aigc.outcome", status < StatusCodes.Status500InternalServerError ? "refused" : "failed"), new("error.type", problem));

    public void Paged() => Count("waiting-page");

    /// <param name="left">Whether it was the visitor who went away.</param>
    public void Broken(bool left) => Count(left ? "left" : "broken");

    public void ForwardFailed(ForwarderError error) => _errors.Add(1, new KeyValuePair<string, object?>("error.type", error.ToString()));

    public void Waited(TimeSpan time) => _wait.Record(time.TotalSeconds);

    public void Interrupted() => _interruptions.Add(1, new KeyValuePair<string, object?>("aigc.feed", "tracker"));

    private void Count(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("aigc.outcome", outcome));
}
