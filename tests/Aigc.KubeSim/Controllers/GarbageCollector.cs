using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Controllers;

/// <summary>What belongs to nobody any more goes; what is deleted with its belongings waits for them.</summary>
internal sealed class GarbageCollector(Cluster cluster) : IController
{
    public IEnumerable<ObjectKey> Concerns(Change change)
    {
        // Whoever waits for its belongings wants to know of each that goes.
        var owners = change.IsDeletion ? Owners(change.After.Read(), change.Key.Namespace) : [];
        var self = !change.IsDeletion && (change.After.Owners.Count > 0 || change.After.IsDeleting) ? [change.Key] : Array.Empty<ObjectKey>();
        return change.IsDeletion ? [.. Belongings(change.After.Uid).Select(one => one.Key), .. owners] : self;
    }

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Read(key) is not { } content)
            return null;
        var uid = content.Text("metadata", "uid")!;
        var finalizers = content.Texts("metadata", "finalizers").ToList();
        if (finalizers.Contains(Finalizers.Orphan))
        {
            foreach (var belonging in Belongings(uid))
                cluster.Update(belonging.Key, one => one["metadata"]!["ownerReferences"]!.AsArray().RemoveAll(owner => owner.Text("uid") == uid));
            cluster.Update(key, one => Finalizers.Remove(one, Finalizers.Orphan));
        }
        else if (finalizers.Contains(Finalizers.Foreground))
        {
            var belongings = Belongings(uid);
            // What has belongings of its own goes after them, too.
            foreach (var belonging in belongings.Where(one => !one.IsDeleting))
                cluster.Delete(belonging.Key, uid: belonging.Uid, foreground: Belongings(belonging.Uid).Count > 0);
            if (!Belongings(uid).Any(Blocks(uid)))
                cluster.Update(key, one => Finalizers.Remove(one, Finalizers.Foreground));
        }
        else if (content.At("metadata", "deletionTimestamp") is null && content.Each("metadata", "ownerReferences").ToList() is { Count: > 0 } owners && !owners.Any(owner => Exists(owner, key.Namespace)))
            cluster.Delete(key, uid: uid);
        return null;
    }

    private static Func<StoredObject, bool> Blocks(string uid) => one =>
        one.Read().Each("metadata", "ownerReferences").Any(owner => owner.Text("uid") == uid && owner.Flag("blockOwnerDeletion") == true);

    private List<StoredObject> Belongings(string uid) =>
        [.. ResourceType.All.SelectMany(type => cluster.Store.List(type, null)).Where(one => one.Owners.Contains(uid))];

    private bool Exists(JsonObject owner, string @namespace) => Key(owner, @namespace) is not { } key || cluster.Store.Find(key)?.Uid == owner.Text("uid");

    private static IEnumerable<ObjectKey> Owners(JsonObject content, string @namespace) =>
        content.Each("metadata", "ownerReferences").Select(owner => Key(owner, @namespace)).OfType<ObjectKey>();

    /// <summary>Null for a kind that there is not here: its existence is not for us to deny.</summary>
    private static ObjectKey? Key(JsonObject owner, string @namespace) =>
        ResourceType.All.FirstOrDefault(type => type.IsA(owner.Text("apiVersion"), owner.Text("kind"))) is { } type
            ? new(type, type.Namespaced ? @namespace : "", owner.Text("name")!)
            : null;
}
