using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>One answer to a watch: a line of JSON for each event, until either side ends it.</summary>
internal sealed class WatchStream(HttpResponseMessage answer) : IAsyncDisposable
{
    /// <summary>The server has forgotten the version that the watch began with.</summary>
    public bool Expired { get; private set; }

    /// <returns>Types and objects; <c>BOOKMARK</c> carries a version and nothing else. Ends without a word when the connection breaks.</returns>
    public async IAsyncEnumerable<(string Type, JsonObject Object)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await NextAsync(reader, cancellationToken) is { } line)
        {
            if (Parse(line) is not { } change || (string?)change["type"] is not { } type || change["object"] is not JsonObject what)
                yield break;
            if (type == "ERROR")
            {
                // 410 is the usual one. Whatever it is: what came since is not known, so all is listed again.
                Expired = true;
                yield break;
            }

            yield return (type, what);
        }
    }

    public ValueTask DisposeAsync()
    {
        answer.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<string?> NextAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // A broken connection is as good as an ended one: the watch goes on where it was.
            return null;
        }
    }

    /// <summary>Null for half a line, which a broken connection leaves.</summary>
    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
