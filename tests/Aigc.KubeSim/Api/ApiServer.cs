using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Access;
using Aigc.KubeSim.Faults;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Writing;
using Microsoft.AspNetCore.Http;

namespace Aigc.KubeSim.Api;

/// <summary>One request: who asks, may they, what for.</summary>
internal sealed class ApiServer(Users users, ClusterFaults faults, Reads reads, Writes writes, WatchEndpoint watches, LogEndpoint logs, TimeProvider time)
{
    private int _requests;

    public int Requests => _requests;

    public async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            var broken = faults.Connections;
            using var break_ = broken.Register(context.Abort);
            await AnswerAsync(context);
        }
        catch (ApiException exception)
        {
            if (!context.Response.HasStarted)
                await WriteAsync(context, exception.Code, exception.Status().ToJsonString(StoredObject.Relaxed));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear the answer.
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = ApiPath.Parse(context.Request.Path);
        var query = new QueryOptions(context.Request.Query);
        var verb = Verb(context.Request.Method, path, query);
        await faults.BeforeAsync(context, verb, path?.Type.Plural ?? "", time);
        var user = users.Authenticate(context.Request.Headers.Authorization);
        if (path is null)
        {
            await WriteAsync(context, 200, Discovery.Find(context.Request.Path)?.ToJsonString() ?? throw ApiException.NoSuchPath());
            return;
        }

        users.Authorize(user, verb, path);
        if (verb == "watch")
            await watches.StreamAsync(context, path, query);
        else if (path.Subresource == "log")
            await logs.WriteAsync(context, path.Key, query);
        else if (path.Subresource == "token")
            await WriteAsync(context, 201, users.IssueToken(path.Key, await BodyAsync(context), Manager(context, query)).ToJsonString());
        else if (verb is "get" or "list")
            await WriteAsync(context, 200, verb == "get" ? reads.Get(path) : reads.List(path, query));
        else
        {
            var request = new WriteRequest(
                path, query, context.Request.ContentType?.Split(';')[0].Trim() ?? "application/json",
                new(Manager(context, query), query.IsDryRun),
                await BodyAsync(context),
                () => users.AuthorizeCreation(user, path));
            var (status, answer) = writes.Do(verb, request);
            if (faults.LosesAnswerTo(context))
                context.Abort();
            await WriteAsync(context, status, answer);
        }
    }

    private static string Verb(string method, ApiPath? path, QueryOptions query) => (method, path?.Name) switch
    {
        ("GET", null) => query.Flag("watch") && query["watch"] is not null ? "watch" : "list",
        ("GET", _) => "get",
        ("POST", null) => "create",
        ("POST", _) when path.Subresource == "token" => "create",
        ("PUT", not null) => "update",
        ("PATCH", not null) => "patch",
        ("DELETE", null) => "deletecollection",
        ("DELETE", _) => "delete",
        _ => throw (path is null ? ApiException.NoSuchPath() : ApiException.MethodNotAllowed()),
    };

    /// <summary>Who names no manager is one by the program's name.</summary>
    private static string Manager(HttpContext context, QueryOptions query) => query["fieldManager"] is { Length: > 0 } manager ? manager : context.Request.Headers.UserAgent.ToString().Split('/')[0] is { Length: > 0 } agent ? agent : "unknown";

    private static async Task<JsonObject> BodyAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (text.Length == 0)
            return [];
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw ApiException.BadRequest($"couldn't get version/kind; json parse error: json: cannot unmarshal {text} into Go value of type struct");
        }
        catch (JsonException)
        {
            throw ApiException.BadRequest("couldn't get version/kind; json parse error: invalid character looking for beginning of value");
        }
    }

    private static Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    private static Task WriteAsync(HttpContext context, int status, string json) => WriteAsync(context, status, System.Text.Encoding.UTF8.GetBytes(json));
}
