using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.Engines.Leading;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Worker.Kubernetes;

/// <summary>Says in the cluster which leader's term is the newest that has begun: a Lease with the number as its annotation.</summary>
internal sealed class TermLease(KubernetesClient client)
{
    public const string Name = "aigc-worker";

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task BeginAsync(Term term, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lease = await client.FindAsync(ResourceKind.Lease, Name, cancellationToken);
            Refuse(term, lease);
            var wanted = new JsonObject
            {
                ["apiVersion"] = ResourceKind.Lease.ApiVersion,
                ["kind"] = ResourceKind.Lease.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = Name,
                    ["labels"] = new JsonObject { [Marks.ManagedByLabel] = Marks.ManagedBy },
                    ["annotations"] = new JsonObject { [Marks.Term] = term.ToString() },
                },
            };
            try
            {
                if (lease is null)
                {
                    await client.CreateAsync(ResourceKind.Lease, wanted, cancellationToken);
                }
                else
                {
                    // Only if nobody has begun meanwhile.
                    wanted["metadata"]!["resourceVersion"] = lease.At("metadata").Text("resourceVersion");
                    await client.MergeAsync(ResourceKind.Lease, Name, wanted, cancellationToken);
                }

                return;
            }
            catch (KubernetesException exception) when (exception.IsConflict)
            {
                // Another begins at the same time; the greater term stays.
            }
        }
    }

    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task RequireAsync(Term term, CancellationToken cancellationToken) =>
        Refuse(term, await client.FindAsync(ResourceKind.Lease, Name, cancellationToken));

    private static void Refuse(Term term, JsonObject? lease)
    {
        if (long.TryParse(lease.Mark(Marks.Term), NumberStyles.None, CultureInfo.InvariantCulture, out var newest) && newest > term.Number)
            throw new NotLeadingException(term, newest);
    }
}
