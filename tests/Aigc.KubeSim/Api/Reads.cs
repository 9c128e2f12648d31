using System.Text;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Watching;

namespace Aigc.KubeSim.Api;

/// <summary>Gets and lists, in pages of one moment.</summary>
internal sealed class Reads(ObjectStore store)
{
    private const string TooOld =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token " +
        "in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
        "deleted between the time the first chunk was returned and now may show up in the list.";

    public ReadOnlyMemory<byte> Get(ApiPath path)
    {
        var stored = store.Find(path.Key) ?? throw ApiException.NotFound(path.Key);
        return path.Subresource == "scale" ? Encoding.UTF8.GetBytes(Scales.Of(stored.Read()).ToJsonString()) : stored.Json;
    }

    public ReadOnlyMemory<byte> List(ApiPath path, QueryOptions query)
    {
        var selection = new Selection(path.Type, query["labelSelector"], query["fieldSelector"]);
        var version = query.Version;
        int? limit = query.Number("limit") is > 0 and var number ? number : null;
        string? start = null;
        if (query["continue"] is { Length: > 0 } token)
        {
            if (version is > 0)
                throw ApiException.BadRequest("specifying resource version is not allowed when using continue");
            (version, start) = ContinueToken.Read(token);
        }
        else if (version is 0)
            limit = null;

        List<StoredObject> all;
        long at;
        lock (store.Gate)
        {
            if (version > store.Version)
                throw new ApiException(504, "Timeout", $"Timeout: Too large resource version: {version}, current: {store.Version}");
            var isExact = start is not null || query["resourceVersionMatch"] == "Exact";
            at = isExact && version is > 0 ? version.Value : store.Version;
            try
            {
                all = store.ListAt(path.Type, path.Namespace, at);
            }
            catch (ApiException) when (start is not null)
            {
                throw ApiException.Expired(TooOld, ContinueToken.Write(-1, start));
            }
        }

        var chosen = all.Where(one => selection.Has(one) && (start is null || string.CompareOrdinal(one.Key.Path, start) >= 0)).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = $"{at}" };
        if (limit is { } most && chosen.Count > most)
        {
            metadata["continue"] = ContinueToken.Write(at, $"{chosen[most - 1].Key.Path}\0");
            if (selection.IsEverything)
                metadata["remainingItemCount"] = chosen.Count - most;
            chosen = chosen[..most];
        }

        return ListOf(path.Type, chosen, metadata);
    }

    public static ReadOnlyMemory<byte> ListOf(ResourceType type, List<StoredObject> objects, JsonObject metadata)
    {
        var list = new JsonObject
        {
            ["kind"] = $"{type.Kind}List",
            ["apiVersion"] = type.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. objects.Select(Item)]),
        };
        return Encoding.UTF8.GetBytes(list.ToJsonString(StoredObject.Relaxed));
    }

    /// <summary>In a list, objects don't say what they are: the list does.</summary>
    private static JsonObject Item(StoredObject one)
    {
        var item = one.Read();
        item.Remove("kind");
        item.Remove("apiVersion");
        return item;
    }
}
