using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Pods;
using Microsoft.AspNetCore.Http;

namespace Aigc.KubeSim.Api;

/// <summary>What containers have written, as their kubelet tells it.</summary>
internal sealed class LogEndpoint(ObjectStore store, ContainerLogs logs)
{
    public async Task WriteAsync(HttpContext context, ObjectKey key, QueryOptions query)
    {
        var pod = store.Find(key)?.Read() ?? throw ApiException.NotFound(key);
        var containers = pod.Each("spec", "containers").Select(one => one.Text("name")!).ToList();
        var container = query["container"] is { Length: > 0 } named ? named : containers.Count == 1
            ? containers[0]
            : throw ApiException.BadRequest($"a container name must be specified for pod {key.Name}, choose one of: [{string.Join(' ', containers)}]");
        if (!containers.Contains(container))
            throw ApiException.BadRequest($"container {container} is not valid for pod {key.Name}");
        // A pod without a node has nobody who could tell.
        var lines = pod.Text("spec", "nodeName") is null ? [] : Lines(pod.Each("status", "containerStatuses").FirstOrDefault(one => one.Text("name") == container), key, container, query);
        var text = string.Concat(lines.Select(line => line + "\n"));
        if (query.Number("limitBytes") is { } most && text.Length > most)
            text = text[..most];
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private IReadOnlyList<string> Lines(System.Text.Json.Nodes.JsonNode? status, ObjectKey key, string container, QueryOptions query)
    {
        var run = (int)(status.Number("restartCount") ?? 0);
        if (query.Flag("previous") && query["previous"] is not null)
        {
            if (status.At("lastState", "terminated") is null)
                throw ApiException.BadRequest($"previous terminated container \"{container}\" in pod \"{key.Name}\" not found");
            // While it waits for its next run, the one that ended has the number still.
            run = status.At("state", "waiting") is null ? run - 1 : Math.Max(0, run - 1);
        }
        else if (status.At("state", "waiting") is { } waiting && status.At("lastState", "terminated") is null)
        {
            var why = waiting.Text("reason") ?? "ContainerCreating";
            throw ApiException.BadRequest(why is "ContainerCreating" or "PodInitializing"
                ? $"container \"{container}\" in pod \"{key.Name}\" is waiting to start: {why}"
                : $"container \"{container}\" in pod \"{key.Name}\" is waiting to start: {(why == "ErrImagePull" ? "image can't be pulled" : why == "ImagePullBackOff" ? "trying and failing to pull image" : why)}");
        }

        var lines = logs.Read(store.Find(key)!.Uid, container, run);
        return query.Number("tailLines") is { } last ? [.. lines.TakeLast(last)] : lines;
    }
}
