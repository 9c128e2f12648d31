using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>A disk grows when its template asks for more, and never shrinks. Where the cluster refuses, the engine starts with what it has.</summary>
internal sealed partial class DiskGrowth(KubernetesClient client, ClusterCache cache, ILogger logger)
{
    /// <returns>What is to be told of it; null: its size is right.</returns>
    public async Task<Reason?> GrowAsync(StartRequest request, KubernetesRuntime spec, CancellationToken cancellationToken)
    {
        var kind = ResourceKind.PersistentVolumeClaim;
        if (spec.Volume?.Size is not { } wanted || !IsLess(cache.Part(kind, request.Engine)?.Size, wanted))
            return null;
        var name = Marks.NameOf(request.Engine);
        // Asked anew: somebody may have made it larger still, and what is patched is only what was seen.
        if (await client.FindAsync(kind, name, cancellationToken) is not { } claim || ObjectView.From(claim).Size is not { } present || !IsLess(present, wanted))
            return null;
        try
        {
            cache.Took(kind, await client.MergeAsync(kind, name, new()
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = claim.At("metadata").Text("resourceVersion") },
                ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = wanted } } },
            }, cancellationToken));
        }
        catch (KubernetesException exception) when (ClusterWords.Refusal(exception) is { } refusal)
        {
            Log.Refused(logger, exception, request.Engine, request.Host, present, wanted);
            return new(Reasons.DiskNotGrown, $"{present} → {wanted}: {refusal.Reason.Detail}");
        }

        Log.Grows(logger, request.Engine, request.Host, present, wanted);
        return new(Reasons.DiskGrown, $"{present} → {wanted}");
    }

    private static bool IsLess(string? present, string wanted) => present is not null && Quantity.Parse(present) < Quantity.Parse(wanted);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The disk of engine {Host} ({Engine}) grows from {Present} to {Wanted}")]
        public static partial void Grows(ILogger logger, EngineId engine, string host, string present, string wanted);

        [LoggerMessage(2, LogLevel.Warning, "The disk of engine {Host} ({Engine}) stays at {Present}: the cluster refuses {Wanted}")]
        public static partial void Refused(ILogger logger, Exception exception, EngineId engine, string host, string present, string wanted);
    }
}
