using System.Text;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Applying;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Schemas;
using Aigc.KubeSim.Watching;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Api;

/// <summary>Requests that change something.</summary>
internal sealed class Writes(ObjectStore store, Writer writer, Deleter deleter)
{
    private const string ApplyType = "application/apply-patch+yaml";
    private const string MergeType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";

    public (int Status, ReadOnlyMemory<byte> Answer) Do(string verb, WriteRequest request) => verb switch
    {
        "create" => (201, writer.Create(new(request.Path.Type, request.Path.Namespace ?? "", ""), request.Body, request.Options).Json),
        "update" => Replace(request),
        "patch" => Patch(request),
        "delete" => Delete(request.Path.Key, request),
        "deletecollection" => DeleteAll(request),
        _ => throw ApiException.MethodNotAllowed(),
    };

    private (int, ReadOnlyMemory<byte>) Replace(WriteRequest request)
    {
        var (key, body) = (request.Path.Key, request.Body);
        if (request.Path.Subresource == "finalize")
            return (200, Finalize(key, body, request.Options).Json);
        if (request.Path.Subresource == "scale")
            return Scaled(writer.Update(key, "", workload => Scales.Set(workload, body), request.Options));
        lock (store.Gate)
        {
            if (store.Find(key) is null && key.Type.CreatesOnUpdate)
            {
                request.MayCreate();
                return (201, writer.Create(key, body, request.Options).Json);
            }

            if (!key.Type.IsA(body.Text("apiVersion"), body.Text("kind")))
                throw ApiException.BadRequest($"{key.Type.Kind} in version \"{key.Type.Version}\" cannot be handled as a {key.Type.Kind}");
            if (body.Text("metadata", "name") is var name && name != key.Name)
                throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({key.Name})");
            if (body.Text("metadata", "resourceVersion") is null or "" && key.Type.CreatesOnUpdate)
                throw ApiException.Invalid(key.Type with { Kind = key.Type.Plural }, key.Name, [FieldError.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update")]);
            return (200, writer.Update(key, request.Path.Subresource, _ => body, request.Options).Json);
        }
    }

    private (int, ReadOnlyMemory<byte>) Patch(WriteRequest request)
    {
        var (key, body) = (request.Path.Key, request.Body);
        if (request.MediaType == ApplyType)
            return Apply(request);
        if (request.Query["force"] is not null)
            throw Options(FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        if (request.Path.Subresource == "scale")
        {
            return Scaled(writer.Update(key, "", workload =>
            {
                var scale = Scales.Of(workload);
                MergePatch.Apply(scale, body);
                return Scales.Set(workload, scale);
            }, request.Options));
        }

        Action<JsonObject> patch = request.MediaType switch
        {
            MergeType => content => MergePatch.Apply(content, body),
            StrategicType => content => MergePatch.ApplyStrategic(content, body, Schema.Of(key.Type)),
            _ => throw ApiException.UnsupportedMediaType(),
        };
        return (200, writer.Update(key, request.Path.Subresource, content =>
        {
            patch(content);
            return content;
        }, request.Options).Json);
    }

    private (int, ReadOnlyMemory<byte>) Apply(WriteRequest request)
    {
        if (request.Query["fieldManager"] is not { Length: > 0 })
            throw Options(FieldError.Required("fieldManager", "is required for apply patch"));
        lock (store.Gate)
        {
            if (store.Find(request.Path.Key) is null)
                request.MayCreate();
            var (stored, isNew) = writer.Apply(request.Path.Key, request.Path.Subresource, request.Body, request.Query["force"] == "true", request.Options);
            return (isNew ? 201 : 200, stored.Json);
        }
    }

    private (int, ReadOnlyMemory<byte>) Delete(ObjectKey key, WriteRequest request)
    {
        foreach (var name in new[] { "gracePeriodSeconds", "propagationPolicy" })
        {
            if (request.Query[name] is { } value)
                request.Body[name] = value;
        }

        var (left, uid) = deleter.Delete(key, request.Body, request.Options.IsDryRun);
        if (left is not null)
            return (200, left.Json);
        var details = ApiException.Of(key.Type, key.Name);
        details["uid"] = uid;
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
        return (200, Encoding.UTF8.GetBytes(status.ToJsonString()));
    }

    private (int, ReadOnlyMemory<byte>) DeleteAll(WriteRequest request)
    {
        var selection = new Selection(request.Path.Type, request.Query["labelSelector"], request.Query["fieldSelector"]);
        lock (store.Gate)
        {
            var (chosen, version) = (store.List(request.Path.Type, request.Path.Namespace).Where(selection.Has).ToList(), store.Version);
            foreach (var one in chosen)
                deleter.Delete(one.Key, request.Body.Clone(), request.Options.IsDryRun);
            return (200, Reads.ListOf(request.Path.Type, chosen, new() { ["resourceVersion"] = $"{version}" }));
        }
    }

    private StoredObject Finalize(ObjectKey key, JsonObject body, WriteOptions options) => writer.Update(key, "", content =>
    {
        content.Child("spec")["finalizers"] = body.At("spec", "finalizers")?.DeepClone() ?? new JsonArray();
        return content;
    }, options);

    private static (int, ReadOnlyMemory<byte>) Scaled(StoredObject stored) => (200, Encoding.UTF8.GetBytes(Scales.Of(stored.Read()).ToJsonString()));

    private static ApiException Options(FieldError error) =>
        ApiException.Invalid(new("meta.k8s.io", "v1", "PatchOptions", "patchoptions"), "", [error]);
}
