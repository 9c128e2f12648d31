using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes.Client;

public abstract record WatchEvent
{
    /// <summary>Everything there is, at the beginning and after each gap: what is not in it is gone.</summary>
    public sealed record Listed(ObjectList List) : WatchEvent;

    /// <summary>Added or modified; the object as it is now.</summary>
    public sealed record Changed(JsonObject Item) : WatchEvent;

    /// <summary>Gone; the object as it was last.</summary>
    public sealed record Deleted(JsonObject Item) : WatchEvent;
}
