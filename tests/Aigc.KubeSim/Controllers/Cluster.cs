using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Controllers;

/// <summary>What controllers do with objects, as one of the cluster's own users.</summary>
internal sealed class Cluster(ObjectStore store, Writer writer, Deleter deleter, EventRecorder events, TimeProvider time, string manager)
{
    private readonly WriteOptions _options = new(manager);

    public ObjectStore Store => store;

    public TimeProvider Time => time;

    public string Now => Json.Time(time.GetUtcNow());

    public Cluster As(string other) => new(store, writer, deleter, events, time, other);

    public JsonObject? Read(ObjectKey key) => store.Find(key)?.Read();

    public StoredObject Create(ObjectKey key, JsonObject content) => writer.Create(key, content, _options);

    /// <summary>Nothing happens to what is gone.</summary>
    public void Update(ObjectKey key, Action<JsonObject> change) => Write(key, "", change);

    public void UpdateStatus(ObjectKey key, Action<JsonObject> change) => Write(key, "status", content => change(content.Child("status")));

    /// <summary>Also what a user may not change, such as the node of a pod.</summary>
    public void Assign(ObjectKey key, Action<JsonObject> change)
    {
        lock (store.Gate)
        {
            if (Read(key) is not { } content)
                return;
            change(content);
            store.Put(key, content);
        }
    }

    public void Delete(ObjectKey key, int? grace = null, string? uid = null, bool foreground = false)
    {
        var options = new JsonObject();
        if (grace is { } seconds)
            options["gracePeriodSeconds"] = seconds;
        if (uid is not null)
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        if (foreground)
            options["propagationPolicy"] = "Foreground";
        lock (store.Gate)
        {
            if (store.Find(key) is { } there && (uid is null || there.Uid == uid))
                deleter.Delete(key, options);
        }
    }

    public void Tell(JsonObject about, string type, string reason, string message, string component) => events.Record(about, type, reason, message, component);

    /// <summary>Sets a condition; its time only when it changes.</summary>
    public void Condition(JsonObject status, string type, bool? value, string? reason, string? message)
    {
        var word = value switch { true => "True", false => "False", null => "Unknown" };
        var conditions = status.List("conditions");
        var before = conditions.OfType<JsonObject>().FirstOrDefault(one => one.Text("type") == type);
        var condition = new JsonObject { ["type"] = type, ["status"] = word };
        condition["lastTransitionTime"] = before.Text("status") == word ? before!["lastTransitionTime"]?.DeepClone() ?? Now : Now;
        if (reason is not null)
            condition["reason"] = reason;
        if (message is not null)
            condition["message"] = message;
        foreach (var other in new[] { "lastUpdateTime", "lastProbeTime", "lastHeartbeatTime" })
        {
            if (before?.ContainsKey(other) == true)
                condition[other] = before[other]?.DeepClone();
        }

        if (before is null)
            conditions.Add(condition);
        else
            conditions[conditions.IndexOf(before)] = condition;
    }

    public static ObjectKey? OwnerOf(JsonObject content, ResourceType type) =>
        content.Each("metadata", "ownerReferences").FirstOrDefault(owner => type.IsA(owner.Text("apiVersion"), owner.Text("kind")) && owner.Flag("controller") == true) is { } found
            ? new(type, content.Text("metadata", "namespace") ?? "", found.Text("name")!)
            : null;

    public static JsonObject ControlledBy(ResourceType type, JsonObject owner) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["name"] = owner.Text("metadata", "name"),
        ["uid"] = owner.Text("metadata", "uid"),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    private void Write(ObjectKey key, string subresource, Action<JsonObject> change)
    {
        lock (store.Gate)
        {
            if (store.Find(key) is null)
                return;
            writer.Update(key, subresource, content =>
            {
                change(content);
                return content;
            }, _options);
        }
    }
}
