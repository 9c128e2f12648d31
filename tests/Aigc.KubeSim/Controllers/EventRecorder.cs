using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Controllers;

/// <summary>Tells people what happened to an object; the same again is counted.</summary>
internal sealed class EventRecorder(ObjectStore store, Writer writer, TimeProvider time)
{
    public void Record(JsonObject about, string type, string reason, string message, string component)
    {
        var (space, name, uid) = (about.Text("metadata", "namespace") ?? "default", about.Text("metadata", "name")!, about.Text("metadata", "uid")!);
        var options = new WriteOptions(component);
        var now = Json.Time(time.GetUtcNow());
        lock (store.Gate)
        {
            var same = store.List(ResourceType.Event, space)
                .FirstOrDefault(one => one.Fields["involvedObject.uid"] == uid && one.Fields["reason"] == reason && one.Read().Text("message") == message);
            try
            {
                if (same is not null)
                {
                    writer.Update(same.Key, "", known =>
                    {
                        known["count"] = (known.Number("count") ?? 1) + 1;
                        known["lastTimestamp"] = now;
                        return known;
                    }, options);
                    return;
                }

                var key = new ObjectKey(ResourceType.Event, space, $"{name}.{Random.Shared.NextInt64():x16}");
                writer.Create(key, new()
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Event",
                    ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = space },
                    ["involvedObject"] = new JsonObject
                    {
                        ["apiVersion"] = about["apiVersion"]?.DeepClone(),
                        ["kind"] = about["kind"]?.DeepClone(),
                        ["name"] = name,
                        ["namespace"] = space,
                        ["uid"] = uid,
                        ["resourceVersion"] = about.Text("metadata", "resourceVersion"),
                    },
                    ["reason"] = reason,
                    ["message"] = message,
                    ["type"] = type,
                    ["count"] = 1,
                    ["firstTimestamp"] = now,
                    ["lastTimestamp"] = now,
                    ["source"] = new JsonObject { ["component"] = component },
                }, options);
            }
            catch (ApiException exception) when (exception.Code is 403 or 404)
            {
                // The namespace ends; nobody will read it.
            }
        }
    }
}
