using System.Text.Json.Nodes;
using Aigc.KubeSim.Admission;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Applying;
using Aigc.KubeSim.Faults;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Schemas;

namespace Aigc.KubeSim.Writing;

/// <summary>Creates and changes objects: each write whole, one after the other.</summary>
internal sealed class Writer(ObjectStore store, ClusterFaults faults, TimeProvider time)
{
    public StoredObject Create(ObjectKey key, JsonObject content, WriteOptions options)
    {
        lock (store.Gate)
        {
            Prepare(ref key, content);
            RefuseIn(key);
            if (store.Find(key) is not null)
                throw ApiException.AlreadyExists(key);
            if (content.Text("metadata", "resourceVersion") is { Length: > 0 })
                throw ApiException.BadRequest("resourceVersion should not be set on objects to be created");
            var fresh = Fresh(key, content, made => Ownership.Record(key.Type, ZeroObject.Of(key.Type), made, options.Manager, time.GetUtcNow()));
            return options.IsDryRun ? new(key, 0, fresh) : store.Put(key, fresh);
        }
    }

    /// <param name="change">Gets the object as it is, and makes of it what it shall be.</param>
    /// <param name="subresource">With <c>status</c> only that changes; without, all but that.</param>
    public StoredObject Update(ObjectKey key, string subresource, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        lock (store.Gate)
        {
            var stored = store.Find(key) ?? throw ApiException.NotFound(key);
            var before = stored.Read();
            var after = change(stored.Read());
            CheckIdentity(key, before, after);
            return Save(key, stored, before, after, subresource, options, record: true);
        }
    }

    /// <returns>The object, and whether it is new.</returns>
    public (StoredObject Object, bool IsNew) Apply(ObjectKey key, string subresource, JsonObject config, bool force, WriteOptions options)
    {
        lock (store.Gate)
        {
            CheckKind(key.Type, config);
            CheckPlace(ref key, config);
            config.Child("metadata")["name"] = key.Name;
            Pruning.Prune(key.Type, config);
            if (store.Find(key) is not { } stored)
            {
                if (subresource.Length > 0)
                    throw ApiException.NotFound(key);
                if (config.Text("metadata", "uid") is { Length: > 0 })
                    throw ApiException.OtherUid(key, config.Text("metadata", "uid")!, "");
                RefuseIn(key);
                var fresh = Fresh(key, Ownership.Apply(key.Type, null, config, options.Manager, force, time.GetUtcNow()), _ => { });
                return (options.IsDryRun ? new(key, 0, fresh) : store.Put(key, fresh), true);
            }

            var before = stored.Read();
            CheckIdentity(key, before, config);
            var after = Ownership.Apply(key.Type, before, config, options.Manager, force, time.GetUtcNow());
            return (Save(key, stored, before, after, subresource, options, record: false), false);
        }
    }

    private StoredObject Save(ObjectKey key, StoredObject stored, JsonObject before, JsonObject after, string subresource, WriteOptions options, bool record)
    {
        var managed = after.At("metadata", "managedFields")?.DeepClone();
        Pruning.Prune(key.Type, after);
        ObjectRules.Keep(key.Type, before, after, subresource);
        Defaults.Fill(key.Type, after);
        Validation.Check(key, after, before);
        ResizeAdmission.Check(store, key, before, after);
        if (record)
        {
            after["metadata"]!["managedFields"] = managed;
            Ownership.Record(key.Type, before, after, options.Manager, time.GetUtcNow());
        }

        if (Json.Same(before, after))
            return stored;
        ObjectRules.CountGeneration(key.Type, before, after);
        if (options.IsDryRun)
            return new(key, stored.Version, after);
        // The last finalizer is gone: so is the object.
        return stored.IsDeleting && Finalizers.AreDone(key.Type, after) ? store.Remove(key, after) : store.Put(key, after);
    }

    /// <param name="record">Writes down whose the fields are: what is added after that is nobody's.</param>
    private JsonObject Fresh(ObjectKey key, JsonObject content, Action<JsonObject> record)
    {
        var metadata = content.Child("metadata");
        metadata["name"] = key.Name;
        if (key.Type.Namespaced)
            metadata["namespace"] = key.Namespace;
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Json.Time(time.GetUtcNow());
        foreach (var servers in new[] { "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation" })
            metadata.Remove(servers);
        if (key.Type.HasGeneration)
            metadata["generation"] = 1;
        content.Remove("status");
        Defaults.Fill(key.Type, content);
        record(content);
        if (key.Type.HasStatus)
            content["status"] = new JsonObject();
        faults.AskWebhooks(key.Type.Plural);
        Admit.New(store, key, content);
        Validation.Check(key, content, null);
        return content;
    }

    private static void Prepare(ref ObjectKey key, JsonObject content)
    {
        CheckKind(key.Type, content);
        CheckPlace(ref key, content);
        Pruning.Prune(key.Type, content);
        if (key.Name.Length > 0)
            return;
        var name = content.Text("metadata", "name");
        if (name is null or "" && content.Text("metadata", "generateName") is { Length: > 0 } prefix)
            name = Names.Generate(prefix);
        key = key with { Name = name ?? "" };
        if (key.Name.Length == 0)
            throw ApiException.Invalid(key.Type, "", [FieldError.Required("metadata.name", "name or generateName is required")]);
    }

    private static void CheckKind(ResourceType type, JsonObject content)
    {
        var (apiVersion, kind) = (content.Text("apiVersion"), content.Text("kind"));
        // Who says nothing means what the path says.
        if (kind is null or "" && apiVersion is null or "" or "v1" || type.IsA(apiVersion, kind))
            return;
        var group = type.Group.Length == 0 ? "core" : type.Group;
        throw ApiException.BadRequest(
            $"{kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: converting (v1.{kind}) to ({group}.{type.Kind}): unknown conversion");
    }

    private static void CheckPlace(ref ObjectKey key, JsonObject content)
    {
        if (key.Name.Length > 0 && content.Text("metadata", "name") is { Length: > 0 } name && name != key.Name)
            throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({key.Name})");
        if (content.Text("metadata", "namespace") is { Length: > 0 } space && space != key.Namespace)
            throw ApiException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
    }

    private static void CheckIdentity(ObjectKey key, JsonObject before, JsonObject after)
    {
        if (after.Text("metadata", "uid") is { Length: > 0 } uid && uid != before.Text("metadata", "uid"))
            throw ApiException.OtherUid(key, uid, before.Text("metadata", "uid")!);
        if (after.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != before.Text("metadata", "resourceVersion"))
            throw ApiException.Modified(key);
    }

    private void RefuseIn(ObjectKey key)
    {
        if (!key.Type.Namespaced)
            return;
        var space = store.Find(ResourceType.Namespace, "", key.Namespace) ?? throw ApiException.NotFound(new(ResourceType.Namespace, "", key.Namespace));
        if (space.IsDeleting)
        {
            var why = $"unable to create new content in namespace {key.Namespace} because it is being terminated";
            throw ApiException.Forbidden(key.Type, key.Name, why, new JsonArray(new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {key.Namespace} is being terminated",
                ["field"] = "metadata.namespace",
            }));
        }
    }
}
