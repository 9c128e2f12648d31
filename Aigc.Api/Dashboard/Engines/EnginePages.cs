using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Files;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Engines;
using Aigc.Engines.Access;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Dashboard.Engines;

internal static class EnginePages
{
    private const int EventsShown = 30;
    private const int LogLinesShown = 200;
    private const int AccessesShown = 10;

    public static void MapEnginePages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/engines/{id:length(32)}", DetailsAsync);
        pages.MapGet("/engines/{id:length(32)}/delete", AskDeleteAsync);
        pages.MapGet("/group", GroupAsync);
    }

    public static async Task<IResult> HomeAsync(
        Page page, EngineViews views, TemplateStore templates, KeptDiskStore disks, QuotaStore quotas, CancellationToken cancellationToken) =>
        page.Caller is { } caller
            ? new RazorComponentResult<HomePage>(new
            {
                Page = page,
                Engines = await views.OfAsync(caller, cancellationToken),
                Shared = await views.SharedWithAsync(caller, cancellationToken),
                Templates = await templates.ListAsync(cancellationToken),
                Quotas = (await quotas.UseAsync(caller.UserId, caller.Group, cancellationToken)).Where(used => used.IsNear).ToList(),
                Disks = await disks.ListAsync(caller.UserId, cancellationToken),
            })
            : new RazorComponentResult<WelcomePage>(new { Page = page });

    private static async Task<Results<RazorComponentResult<DetailsPage>, NotFound>> DetailsAsync(
        EngineId id, Page page, Caller caller, EngineActions actions, EngineViews views, EventLog events, AuditLog audit, PeopleStore people,
        AccessStore access, EngineDisk disk, IdlePolicies policies, Habits habits,
        CancellationToken cancellationToken)
    {
        if (await actions.FindAsync(caller, id, cancellationToken) is not Outcome.Ok { Engine: var engine })
            return TypedResults.NotFound();
        var rights = actions.RightsOf(caller, engine);
        var view = await views.ViewAsync(engine, cancellationToken);
        return new RazorComponentResult<DetailsPage>(new
        {
            Page = page,
            Rights = rights,
            Shares = rights.HasFlag(Rights.Own) ? await access.ListSharesAsync(id, cancellationToken) : null,
            Habit = rights.HasFlag(Rights.Own) && habits.IsOn ? await habits.NextAsync(engine, cancellationToken) : null,
            StudioZone = habits.Zone,
            View = view,
            Policy = view.Template is { } template ? await policies.OfAsync(engine, template, cancellationToken) : null,
            Events = (await events.ReadAsync(id, after: 0, EventsShown, cancellationToken)).Reverse().ToList(),
            Accesses = await audit.ReadAsync(new(AuditSight.Of(caller.SignIn), AccessesShown, Target: id.Value), cancellationToken),
            OwnerName = (await people.FindAsync(engine.Owner, cancellationToken))?.Name ?? engine.Owner.Value,
            // What a program prints can hold prompts and file names.
            Log = rights.HasFlag(Rights.Use) ? await disk.LogAsync(id, LogLinesShown, cancellationToken) : null,
        });
    }

    private static async Task<Results<RazorComponentResult<DeletePage>, NotFound>> AskDeleteAsync(
        EngineId id, Page page, Caller caller, EngineActions actions, EngineViews views, EngineDisk disk, CancellationToken cancellationToken)
    {
        if (await actions.FindAsync(caller, id, Rights.Manage, "delete it", cancellationToken) is not Outcome.Ok { Engine: var engine })
            return TypedResults.NotFound();
        var own = actions.RightsOf(caller, engine).HasFlag(Rights.Own);
        return new RazorComponentResult<DeletePage>(new
        {
            Page = page,
            View = await views.ViewAsync(engine, cancellationToken),
            IsOwner = own,
            Files = own ? await disk.CountAsync(id, cancellationToken) : null,
        });
    }

    private static async Task<Results<RazorComponentResult<GroupPage>, StatusCodeHttpResult>> GroupAsync(
        Page page, Caller caller, EngineViews views, CancellationToken cancellationToken)
    {
        if (!EngineLists.MayList(caller, caller.Group))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var engines = await views.OfGroupAsync(caller, caller.Group, cancellationToken);
        return new RazorComponentResult<GroupPage>(new
        {
            Page = page,
            Group = caller.Group.Value,
            Engines = engines,
            Owners = await views.OwnersOfAsync(engines, cancellationToken),
        });
    }
}
