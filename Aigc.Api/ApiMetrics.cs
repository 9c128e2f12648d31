using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Aigc.Api;

/// <summary>What this service counts besides what ASP.NET Core does.</summary>
public sealed class ApiMetrics : IDisposable
{
    public const string Name = "Aigc.Api";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Meter _meter;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _signIns;
    private readonly Counter<long> _visits;
    private readonly Counter<long> _interruptions;

    public ApiMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _dropped = _meter.CreateCounter<long>("aigc.changes.dropped", "{change}", "Changes that slow subscribers lost to a resync.");
        _signIns = _meter.CreateCounter<long>("aigc.sign_ins", "{sign_in}", "Browsers that signed in, by outcome.");
        _visits = _meter.CreateCounter<long>("aigc.visits", "{visit}", "Visits of engines that were not ready, by outcome.");
        _interruptions = _meter.CreateCounter<long>("aigc.feed.interruptions", "{interruption}", "Feeds of changes that broke off and began again.");
    }

    public void ChangesDropped(int count) => _dropped.Add(count);

    public void SignIn(string outcome) => _signIns.Add(1, new KeyValuePair<string, object?>("aigc.outcome", outcome));

    public void Visited(string outcome) => _visits.Add(1, new KeyValuePair<string, object?>("aigc.outcome", outcome));

    public void Interrupted() => _interruptions.Add(1, new KeyValuePair<string, object?>("aigc.feed", "database"));

    public void Dispose() => _meter.Dispose();
}
