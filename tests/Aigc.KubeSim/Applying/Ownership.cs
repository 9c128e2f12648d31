using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Schemas;

namespace Aigc.KubeSim.Applying;

/// <summary>Server-side apply, and the book that is kept of all other writes for it.</summary>
internal static class Ownership
{
    /// <summary>A write that is no apply: what it changed is the writer's, and nobody else's.</summary>
    public static void Record(ResourceType type, JsonObject before, JsonObject after, string manager, DateTimeOffset now)
    {
        // Writers may send the list back as they read it, or an empty one to be rid of it; they don't write it.
        var forgets = after.At("metadata", "managedFields") is JsonArray { Count: 0 };
        var managed = forgets ? new ManagedFields() : ManagedFields.Of(before).Reconcile(before, Schema.Of(type));
        var (changed, removed) = FieldWalk.Compare(before, after, Schema.Of(type));
        managed.TakeFromOthers(changed.Union(removed), manager, ManagedFields.Update);
        var mine = managed.Find(manager, ManagedFields.Update) ?? new FieldSet();
        managed.Set(manager, ManagedFields.Update, type.ApiVersion, mine.Union(changed).Except(removed), now);
        managed.WriteTo(after);
    }

    /// <param name="live">Null: the object is new.</param>
    /// <returns>The object as it would be.</returns>
    /// <exception cref="ApiException">409: somebody else has set such a field otherwise.</exception>
    public static JsonObject Apply(ResourceType type, JsonObject? live, JsonObject config, string manager, bool force, DateTimeOffset now)
    {
        if (config.At("metadata", "managedFields") is not null)
            throw ApiException.BadRequest("metadata.managedFields must be nil");
        var root = Schema.Of(type);
        var before = live ?? new JsonObject { ["apiVersion"] = config["apiVersion"]?.DeepClone(), ["kind"] = config["kind"]?.DeepClone() };
        var wanted = FieldWalk.Owned(config, root);
        var managed = ManagedFields.Of(before).Reconcile(before, root);
        var after = Merging.Merge(before, config, root)!.AsObject();
        if (managed.Find(manager, ManagedFields.Apply) is { } last)
            Merging.Prune(after, root, last, wanted, managed.Others(manager, ManagedFields.Apply));
        var (changed, removed) = FieldWalk.Compare(before, after, root);
        if (live is not null && !force)
            Refuse(managed, changed, manager);
        managed.TakeFromOthers(changed.Union(removed), manager, ManagedFields.Apply);
        managed.Set(manager, ManagedFields.Apply, type.ApiVersion, wanted, now);
        managed.WriteTo(after);
        return after;
    }

    private static void Refuse(ManagedFields managed, FieldSet changed, string manager)
    {
        var conflicts = managed.Entries
            .Where(entry => entry.Manager != manager || entry.Operation != ManagedFields.Apply)
            .Select(entry => (Who: Words(entry), Paths: entry.Fields.Intersect(changed).Paths().ToList()))
            .Where(conflict => conflict.Paths.Count > 0)
            .OrderBy(conflict => conflict.Who, StringComparer.Ordinal)
            .ToList();
        if (conflicts.Count == 0)
            return;
        var count = conflicts.Sum(conflict => conflict.Paths.Count);
        var message = count == 1
            ? $"Apply failed with 1 conflict: conflict with {conflicts[0].Who}: {conflicts[0].Paths[0]}"
            : $"Apply failed with {count} conflicts: {string.Join("\n", conflicts.SelectMany(conflict => conflict.Paths.Select(path => $"- {path}").Prepend($"conflicts with {conflict.Who}:")))}";
        throw new ApiException(409, "Conflict", message, new()
        {
            ["causes"] = new JsonArray([.. conflicts.SelectMany(conflict => conflict.Paths.Select(path => new JsonObject
            {
                ["reason"] = "FieldManagerConflict",
                ["message"] = $"conflict with {conflict.Who}",
                ["field"] = path,
            }))]),
        });
    }

    private static string Words(ManagedFields.Entry entry) =>
        entry.Operation == ManagedFields.Apply ? $"\"{entry.Manager}\"" : $"\"{entry.Manager}\" using {entry.ApiVersion}";
}
