using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Engines;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Engines;
using Aigc.Disks;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Aigc.Api.Dashboard.Files;

/// <summary>The files of engines, for those who may use them.</summary>
internal static class FilePages
{
    public static void MapFilePages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet("/engines/{id:length(32)}/files", ListAsync);
        pages.MapPost("/engines/{id:length(32)}/files", UploadAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
        pages.MapGet("/engines/{id:length(32)}/files/delete", AskDeleteAsync).AddEndpointFilter(WhileAwayAsync);
        forms.MapPost("/engines/{id:length(32)}/files/delete", DeleteAsync).AddEndpointFilter(WhileAwayAsync);
    }

    /// <summary>The worker cannot be asked: a page that says to wait a moment.</summary>
    private static async ValueTask<object?> WhileAwayAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        try
        {
            return await next(invocation);
        }
        catch (HttpRequestException)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<Results<RazorComponentResult<FilesPage>, NotFound>> ListAsync(
        EngineId id, Page page, EngineActions actions, EngineViews views, EngineDisk disk, string path = "", CancellationToken cancellationToken = default)
    {
        if (await UsableAsync(page, id, actions, views, cancellationToken) is not { } view)
            return TypedResults.NotFound();
        var content = await LookAsync(id, path, disk, cancellationToken);
        return content.Sight == DiskSight.NoSuchFolder
            ? TypedResults.NotFound()
            : new RazorComponentResult<FilesPage>(new { Page = page, View = view, Folder = path, Content = content });
    }

    private static async Task<Results<RedirectHttpResult, NotFound, BadRequest>> UploadAsync(
        EngineId id, HttpContext context, Page page, EngineActions actions, EngineViews views, Upload upload, string path = "",
        CancellationToken cancellationToken = default)
    {
        if (await UsableAsync(page, id, actions, views, cancellationToken) is null)
            return TypedResults.NotFound();
        // Models have tens of gigabytes, and people slow lines.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        var result = await upload.ReceiveAsync(context, id, path, cancellationToken);
        if (result.Refused)
            return TypedResults.BadRequest();
        Messages.Leave(context, result switch
        {
            { Failed: { } name } => new(page.Text.UploadFailed(name), Failed: true),
            { Names.Count: 0 } => new(page.Text.NothingChosen, Failed: true),
            _ => new(page.Text.Uploaded(result.Names)),
        });
        return TypedResults.LocalRedirect(DiskAddress.Folder(id, path));
    }

    private static async Task<Results<RazorComponentResult<DeleteFilePage>, NotFound>> AskDeleteAsync(
        EngineId id, Page page, EngineActions actions, EngineViews views, EngineDisk disk, string path, CancellationToken cancellationToken)
    {
        if (await UsableAsync(page, id, actions, views, cancellationToken) is not { } view
            || (await disk.ListAsync(id, DiskAddress.Parent(path), cancellationToken)).Entries.FirstOrDefault(entry => entry.Name == DiskAddress.NameOf(path)) is not { } entry)
        {
            return TypedResults.NotFound();
        }

        return new RazorComponentResult<DeleteFilePage>(new { Page = page, View = view, Path = path, IsFolder = entry.Kind == DiskEntryKind.Folder });
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> DeleteAsync(
        EngineId id, [FromForm] string path, HttpContext context, Page page, EngineActions actions, EngineViews views, EngineDisk disk,
        CancellationToken cancellationToken)
    {
        if (await UsableAsync(page, id, actions, views, cancellationToken) is null)
            return TypedResults.NotFound();
        var name = DiskAddress.NameOf(path);
        Messages.Leave(context, await disk.DeleteAsync(id, path, cancellationToken)
            ? new(page.Text.DeletedFile(name))
            : new(page.Text.DeleteFileFailed(name), Failed: true));
        return TypedResults.LocalRedirect(DiskAddress.Folder(id, DiskAddress.Parent(path)));
    }

    private static async Task<FolderView> LookAsync(EngineId id, string path, EngineDisk disk, CancellationToken cancellationToken)
    {
        try
        {
            return await disk.ListAsync(id, path, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return new(DiskSight.Away);
        }
    }

    private static async Task<EngineView?> UsableAsync(
        Page page, EngineId id, EngineActions actions, EngineViews views, CancellationToken cancellationToken) =>
        page.Caller is { } caller && await actions.FindAsync(caller, id, Rights.Use, "see its files", cancellationToken) is Outcome.Ok ok
            ? await views.ViewAsync(ok.Engine, cancellationToken)
            : null;
}
