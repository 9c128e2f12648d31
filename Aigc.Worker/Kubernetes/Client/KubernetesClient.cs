using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>
/// The little of the Kubernetes API that engines need, over one HttpClient, with objects as plain JSON.
/// Where the feed has it, the package KubernetesClient replaces this folder.
/// </summary>
internal sealed partial class KubernetesClient : IDisposable
{
    private const int PageSize = 500;
    private const int MostAttempts = 5;

    /// <summary>For everything but a watch.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly ClusterAccess _access;
    private readonly string _manager;
    private readonly RequestBudget _budget;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ILogger<KubernetesClient> _logger;

    /// <param name="manager">The field manager under which all is applied.</param>
    public KubernetesClient(ClusterAccess access, string manager, RequestBudget budget, TimeProvider time, ILogger<KubernetesClient> logger)
    {
        (_access, _manager, _budget, _time, _logger) = (access, manager, budget, time, logger);
        _http = new(ClusterHttp.Create(access)) { BaseAddress = access.Server, Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new("aigc-worker", null));
    }

    public string Namespace => _access.Namespace;

    public Uri Server => _access.Server;

    /// <summary>Null when there is none.</summary>
    public async Task<JsonObject?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, kind.Path(Namespace, name), null, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>All objects with these labels, page by page; never a part of them.</summary>
    /// <param name="fields">A field selector, such as <c>involvedObject.uid=…</c>.</param>
    public async Task<ObjectList> ListAsync(ResourceKind kind, string? labels, CancellationToken cancellationToken, string? fields = null)
    {
        while (true)
        {
            try
            {
                return await ListOnceAsync(kind, labels, fields, cancellationToken);
            }
            catch (KubernetesException exception) when (exception.IsExpired)
            {
                // The pages took so long that the server forgot where they belong: from the beginning.
                Log.ListExpired(_logger, kind);
            }
        }
    }

    /// <summary>
    /// Lists, and then tells what changes, across ends and breaks of the connection; lists again after a gap that the server
    /// can't fill. Throws when the server can't be asked: whoever watches decides how to go on.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, string? labels, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? version = null;
        while (true)
        {
            if (version is null)
            {
                var list = await ListAsync(kind, labels, cancellationToken);
                version = list.ResourceVersion;
                yield return new WatchEvent.Listed(list);
            }

            var opened = _time.GetTimestamp();
            await using var stream = await OpenWatchAsync(kind, labels, version, cancellationToken);
            if (stream is null)
            {
                version = null;
                continue;
            }

            await foreach (var (type, what) in stream.ReadAsync(cancellationToken))
            {
                version = (string?)what["metadata"]?["resourceVersion"] ?? version;
                if (type is "ADDED" or "MODIFIED")
                    yield return new WatchEvent.Changed(what);
                else if (type == "DELETED")
                    yield return new WatchEvent.Deleted(what);
            }

            if (stream.Expired)
                version = null;
            // Something between us and the server may end each watch as soon as it begins.
            if (_time.GetElapsedTime(opened) < FirstPause)
                await Task.Delay(FirstPause, _time, cancellationToken);
        }
    }

    /// <summary>Server-side apply: what this manager wants of an object, whether it is there or not.</summary>
    /// <param name="force">Takes over fields that others have set.</param>
    public Task<JsonObject> ApplyAsync(ResourceKind kind, JsonObject wanted, bool force, CancellationToken cancellationToken)
    {
        wanted["apiVersion"] ??= kind.ApiVersion;
        wanted["kind"] ??= kind.Kind;
        var name = (string?)wanted["metadata"]?["name"] ?? throw new ArgumentException("The object has no name.", nameof(wanted));
        // JSON is YAML; the media type is the one that every version takes.
        return SendAsync(
            HttpMethod.Patch,
            $"{kind.Path(Namespace, name)}?fieldManager={_manager}&force={(force ? "true" : "false")}",
            Body(wanted, "application/apply-patch+yaml"),
            cancellationToken);
    }

    /// <summary>Changes only what <paramref name="patch"/> names; null removes.</summary>
    public Task<JsonObject> MergeAsync(ResourceKind kind, string name, JsonObject patch, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"{kind.Path(Namespace, name)}?fieldManager={_manager}", Body(patch, "application/merge-patch+json"), cancellationToken);

    public Task<JsonObject> CreateAsync(ResourceKind kind, JsonObject wanted, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{kind.Path(Namespace)}?fieldManager={_manager}", Body(wanted, "application/json"), cancellationToken);

    /// <summary>Sets the number of replicas, if the object is still as it was seen.</summary>
    /// <exception cref="KubernetesException">A conflict: somebody changed it meanwhile.</exception>
    public Task<JsonObject> ScaleAsync(ResourceKind kind, string name, int replicas, string resourceVersion, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            $"{kind.Path(Namespace, name)}/scale?fieldManager={_manager}",
            Body(new()
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = resourceVersion },
                ["spec"] = new JsonObject { ["replicas"] = replicas },
            }, "application/merge-patch+json"),
            cancellationToken);

    /// <summary>Asks for the end of exactly this object: one of the same name that came after it is left alone.</summary>
    /// <param name="grace">How long its processes may take; null: what the object says.</param>
    /// <param name="version">Only as it was seen; null: whatever has become of it.</param>
    /// <returns>False when it is not there any more, or not as it was seen.</returns>
    public async Task<bool> DeleteAsync(
        ResourceKind kind, string name, string uid, TimeSpan? grace, CancellationToken cancellationToken, string? version = null)
    {
        var options = new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["preconditions"] = new JsonObject { ["uid"] = uid },
            ["propagationPolicy"] = "Background",
        };
        if (version is not null)
            options["preconditions"]!["resourceVersion"] = version;
        if (grace is { } time)
            options["gracePeriodSeconds"] = (int)Math.Ceiling(time.TotalSeconds);
        try
        {
            await SendAsync(HttpMethod.Delete, kind.Path(Namespace, name), Body(options, "application/json"), cancellationToken);
            return true;
        }
        catch (KubernetesException exception) when (exception.IsNotFound || exception.IsConflict)
        {
            return false;
        }
    }

    /// <summary>The last lines that a container wrote.</summary>
    /// <param name="previous">Those of the run before the last restart.</param>
    public async Task<string> ReadLogAsync(string pod, string container, int lines, bool previous, CancellationToken cancellationToken)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"{ResourceKind.Pod.Path(Namespace, pod)}/log?container={Uri.EscapeDataString(container)}&tailLines={lines}&limitBytes=262144&previous={(previous ? "true" : "false")}");
        using var answer = await AskAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        _budget.Dispose();
    }

    private async Task<ObjectList> ListOnceAsync(ResourceKind kind, string? labels, string? fields, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        var next = "";
        while (true)
        {
            var page = await SendAsync(
                HttpMethod.Get,
                $"{kind.Path(Namespace)}?limit={PageSize}&labelSelector={Uri.EscapeDataString(labels ?? "")}&fieldSelector={Uri.EscapeDataString(fields ?? "")}&continue={Uri.EscapeDataString(next)}",
                null, cancellationToken);
            foreach (var item in page["items"]?.AsArray() ?? [])
                items.Add(item!.AsObject());
            next = (string?)page["metadata"]?["continue"] ?? "";
            if (next.Length == 0)
                return new(items, (string?)page["metadata"]?["resourceVersion"] ?? "");
        }
    }

    private async Task<WatchStream?> OpenWatchAsync(ResourceKind kind, string? labels, string version, CancellationToken cancellationToken)
    {
        // The server ends a watch after some minutes; different ends keep all watches from coming back at once.
        var minutes = 4 + Random.Shared.Next(4);
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"{kind.Path(Namespace)}?watch=true&allowWatchBookmarks=true&timeoutSeconds={minutes * 60}&resourceVersion={Uri.EscapeDataString(version)}&labelSelector={Uri.EscapeDataString(labels ?? "")}");
        try
        {
            return new(await AskAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
        }
        catch (KubernetesException exception) when (exception.IsExpired)
        {
            return null;
        }
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, Func<HttpContent>? body, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(method, path, body, HttpCompletionOption.ResponseContentRead, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return (await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))!.AsObject();
    }

    /// <summary>Repeats what the server was too busy for. All that is asked here may be asked twice.</summary>
    private async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, Func<HttpContent>? body, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await _budget.WaitAsync(cancellationToken);
            try
            {
                return await AskOnceAsync(method, path, body, completion, cancellationToken);
            }
            catch (KubernetesException exception) when (attempt < MostAttempts && exception.IsTransient)
            {
                var pause = exception.RetryAfter ?? FirstPause * Math.Pow(2, attempt - 1);
                Log.Busy(_logger, exception.Message, pause);
                if (exception.Status == HttpStatusCode.TooManyRequests)
                    _budget.LeaveAlone(pause);
                else
                    await Task.Delay(pause, _time, cancellationToken);
            }
            catch (KubernetesException exception) when (attempt == 1 && exception.Status == HttpStatusCode.Unauthorized && _access.Token is { } token)
            {
                token.Refused();
            }
        }
    }

    private async Task<HttpResponseMessage> AskOnceAsync(
        HttpMethod method, string path, Func<HttpContent>? body, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Timeout);
        using var request = new HttpRequestMessage(method, path) { Content = body?.Invoke() };
        request.Headers.Accept.Add(new("application/json"));
        if (_access.Token is { } token)
            request.Headers.Authorization = new("Bearer", await token.GetAsync(bound.Token));
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, completion, bound.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"The Kubernetes API server {Server} did not answer {method} {path} within {Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException exception)
        {
            throw new HttpRequestException(
                exception.HttpRequestError, $"The Kubernetes API server {Server} can't be asked: {exception.GetBaseException().Message}", exception.InnerException, exception.StatusCode);
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await KubernetesException.FromAsync($"{method} {path.Split('?')[0]}", answer, bound.Token);
    }

    private static Func<HttpContent> Body(JsonObject content, string mediaType)
    {
        var json = Encoding.UTF8.GetBytes(content.ToJsonString());
        return () => new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The Kubernetes API server is too busy, asking again in {Pause}: {Message}")]
        public static partial void Busy(ILogger logger, string message, TimeSpan pause);

        [LoggerMessage(2, LogLevel.Information, "A list of {Kind} took longer than the server remembers; listing again")]
        public static partial void ListExpired(ILogger logger, ResourceKind kind);
    }
}
