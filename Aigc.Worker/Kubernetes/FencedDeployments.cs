using System.Text.Json.Nodes;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Worker.Kubernetes;

/// <summary>
/// The Deployments of engines, written by one term: only as they were seen, and not once a newer term has touched them.
/// </summary>
internal sealed class FencedDeployments(Term term, KubernetesClient client, ClusterCache cache, TermLease terms)
{
    private const string ResourceVersion = "resourceVersion";

    /// <summary>As a watch has told, which costs nothing: what is written on its grounds is refused where it was not the last word.</summary>
    public async Task<DeploymentView?> SeenAsync(EngineId engine, CancellationToken ct) => cache.Deployment(engine) ?? await AskAsync(engine, ct);

    /// <summary>Applies what starts the engine, unless another has started it that no watch had told of before.</summary>
    /// <param name="wanted">From the version of what was seen; null: it is not there.</param>
    /// <exception cref="NotLeadingException">A newer term has changed it.</exception>
    public async Task StartAsync(EngineId engine, DeploymentView? seen, Func<string?, JsonObject> wanted, CancellationToken ct)
    {
        while (true)
        {
            Refuse(seen);
            if (seen?.Run is not null)
                return;
            try
            {
                cache.Took(ResourceKind.Deployment, await client.ApplyAsync(ResourceKind.Deployment, wanted(seen?.Version), force: true, ct));
                return;
            }
            catch (KubernetesException exception) when (exception.IsConflict)
            {
                // The cluster's own controllers write to it all the time. Where they have not, it is a conflict about something else.
                var now = await AskAsync(engine, ct);
                if (now?.Version == seen?.Version)
                    throw;
                seen = now;
            }
        }
    }

    /// <summary>Changes the Deployment, if it is there and <paramref name="change"/> finds something to change.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun, or has changed it.</exception>
    public async Task ChangeAsync(EngineId engine, Func<DeploymentView, DeploymentChange?> change, CancellationToken ct)
    {
        await terms.RequireAsync(term, ct);
        var seen = await SeenAsync(engine, ct);
        while (true)
        {
            Refuse(seen);
            if (seen is null || change(seen) is not { } wanted)
                return;
            try
            {
                cache.Took(ResourceKind.Deployment, await client.MergeAsync(ResourceKind.Deployment, Marks.NameOf(engine), Patch(seen, wanted), ct));
                return;
            }
            catch (KubernetesException exception) when (exception.IsConflict)
            {
                seen = await AskAsync(engine, ct);
            }
        }
    }

    private JsonObject Patch(DeploymentView seen, DeploymentChange wanted)
    {
        var annotations = new JsonObject(wanted.Marks.Select(mark => KeyValuePair.Create(mark.Key, (JsonNode?)mark.Value))) { [Marks.Term] = term.ToString() };
        var patch = new JsonObject { ["metadata"] = new JsonObject { [ResourceVersion] = seen.Version, ["annotations"] = annotations } };
        if (wanted.Replicas is { } replicas)
            patch["spec"] = new JsonObject { ["replicas"] = replicas };
        return patch;
    }

    private async Task<DeploymentView?> AskAsync(EngineId engine, CancellationToken ct)
    {
        if (await client.FindAsync(ResourceKind.Deployment, Marks.NameOf(engine), ct) is not { } deployment)
            return null;
        cache.Took(ResourceKind.Deployment, deployment);
        return DeploymentView.From(deployment);
    }

    private void Refuse(DeploymentView? deployment)
    {
        if (deployment is { Term: var newest } && newest > term.Number)
            throw new NotLeadingException(term, newest);
    }
}

/// <param name="Marks">Annotations; an empty one is as good as absent.</param>
/// <param name="Replicas">Null: as many as there are.</param>
internal sealed record DeploymentChange(IReadOnlyDictionary<string, string> Marks, int? Replicas = null);
