using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>All objects that a query found.</summary>
/// <param name="ResourceVersion">From which on a watch tells what changed since.</param>
public sealed record ObjectList(IReadOnlyList<JsonObject> Items, string ResourceVersion);
