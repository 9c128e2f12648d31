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

    public ApiMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _dropped = _meter.CreateCounter<long>("aigc.api.changes.dropped", "{change}", "Changes that slow subscribers lost to a resync.");
        _signIns = _meter.CreateCounter<long>("aigc.api.sign_ins", "{sign_in}", "Browsers that signed in, by outcome.");
    }

    public void ChangesDropped(int count) => _dropped.Add(count);

    public void SignIn(string outcome) => _signIns.Add(1, new KeyValuePair<string, object?>("aigc.outcome", outcome));

    public void Dispose() => _meter.Dispose();
}
