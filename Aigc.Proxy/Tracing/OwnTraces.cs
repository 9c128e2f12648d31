using System.Diagnostics;

namespace Aigc.Proxy.Tracing;

/// <summary>
/// Every trace begins at this door. Whoever is outside can neither continue one of ours, nor force one to be sampled,
/// nor put baggage into it; what goes on to our own services carries our context.
/// </summary>
internal sealed class OwnTraces : DistributedContextPropagator
{
    private static readonly string[] Names = ["traceparent", "tracestate", "baggage", "Correlation-Context", "Request-Id"];

    private readonly DistributedContextPropagator _inner = CreateDefaultPropagator();

    public override IReadOnlyCollection<string> Fields => _inner.Fields;

    /// <summary>Takes out what a visitor says of traces.</summary>
    public static void Drop(System.Net.Http.Headers.HttpRequestHeaders headers)
    {
        foreach (var name in Names)
            headers.Remove(name);
    }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => _inner.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
