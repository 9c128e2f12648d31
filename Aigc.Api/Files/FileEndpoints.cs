using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Api.Problems;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Aigc.Api.Files;

/// <summary>An engine's files and log, for those who may use it: asked here, streamed from the worker.</summary>
public static class FileEndpoints
{
    public static void MapFiles(this RouteGroupBuilder engines)
    {
        var group = engines.MapGroup("/{id:length(32)}").WithTags("Files").AddEndpointFilter<UseFilter>().RequireScope(Scopes.EnginesUse);
        group.MapGet("/files", (EngineId id, string? path, HttpContext context, WorkerFiles worker) =>
            worker.ForwardAsync(context, id, "files", Query("path", path))).WithSummary("What is in a folder of the engine's disk.");
        group.MapDelete("/files", (EngineId id, string path, HttpContext context, WorkerFiles worker) =>
            worker.ForwardAsync(context, id, "files", Query("path", path))).WithSummary("Removes a file or folder.");
        group.MapGet("/files/content", (EngineId id, string path, bool? inline, HttpContext context, WorkerFiles worker) =>
            worker.DownloadAsync(context, id, path, inline ?? false)).WithSummary("A file, as a download.");
        group.MapPut("/files/content", UploadAsync).WithMetadata(new DisableRequestSizeLimitAttribute()).WithSummary("Writes a file of any size.");
        group.MapGet("/log", (EngineId id, int? lines, HttpContext context, WorkerFiles worker) =>
            worker.ForwardAsync(context, id, "log", QueryString.Create("lines", $"{lines ?? 200}"))).WithSummary("The last lines of the engine's log.");
    }

    private static Task UploadAsync(EngineId id, string path, HttpContext context, WorkerFiles worker)
    {
        // Models have tens of gigabytes, and people slow lines.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        return worker.ForwardAsync(context, id, "files/content", Query("path", path));
    }

    private static QueryString Query(string name, string? value) =>
        value is null ? QueryString.Empty : QueryString.Create(name, value);

    private sealed class UseFilter(EngineActions actions) : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            var http = context.HttpContext;
            var found = await actions.FindAsync(
                Caller.From(http)!, context.GetArgument<EngineId>(0), Rights.Use, "see its files and log", http.RequestAborted);
            return found is Outcome.Ok ? await next(context) : found.ToProblem();
        }
    }
}
