using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Limits;
using Aigc.Api.Problems;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using EngineResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<Aigc.Api.Engines.EngineJson>,
    Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult>;

namespace Aigc.Api.Engines;

public static class EngineEndpoints
{
    private const int LargestPage = 1_000;

    public static RouteGroupBuilder MapEngines(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/engines").WithTags("Engines").RequireScope(Scopes.EnginesManage);
        group.MapGet("", ListAsync).RequireScope(Scopes.EnginesRead).WithSummary("Your engines; with ?shared=true those of others that you may look at; with ?group=… a group's, for its manager; everybody's for an administrator who asks for ?all=true, in pages with &limit=100 and the header Link.");
        group.MapPost("", TakeAsync).WithSummary("Takes an engine of your own from a template.");
        api.MapGet("/disks", ListDisksAsync).WithTags("Engines").RequireScope(Scopes.EnginesRead).WithSummary("Disks that your deleted engines left; an engine can be taken with one.");
        group.MapGet("/{id:length(32)}", FindAsync).RequireScope(Scopes.EnginesRead).WithSummary("One engine.");
        group.MapDelete("/{id:length(32)}", DeleteAsync).WithSummary("Deletes an engine; disk=keep or disk=remove says what becomes of its files.");
        group.MapPost("/{id:length(32)}/wake", WakeAsync).AddEndpointFilter<WakeLimit>().WithSummary("Wakes an engine; one that failed is tried again.");
        group.MapPost("/{id:length(32)}/sleep", SleepAsync).WithSummary("Puts an engine to sleep; its disk stays. One that is at work only with ?evenIfBusy=true.");
        group.MapPost("/{id:length(32)}/restart", RestartAsync).AddEndpointFilter<WakeLimit>().WithSummary("Starts an engine anew, with its template's newest version. One that is at work only with ?evenIfBusy=true.");
        group.MapPost("/{id:length(32)}/pool", AskForPoolAsync).WithSummary("An engine that waits in the queue takes this pool instead of whichever comes first; its owner alone.");
        group.MapPost("/{id:length(32)}/keep-awake", KeepAwakeAsync).WithSummary("Keeps an engine awake for some minutes; 0 ends it.");
        group.MapGet("/{id:length(32)}/pre-wake", FindPreWakeAsync).RequireScope(Scopes.EnginesRead).WithSummary("Whether an engine is woken before its owner comes, and when in the next seven days; its owner alone.");
        group.MapPut("/{id:length(32)}/pre-wake", AllowPreWakeAsync).WithSummary("Lets an engine be woken before its owner comes, by habit, or not; its owner alone.");
        return group;
    }

    private static async Task<Results<Ok<IReadOnlyList<EngineJson>>, ProblemHttpResult>> ListAsync(
        Caller caller, EngineLists lists, EnginePresenter presenter, HttpResponse response,
        bool all = false, bool shared = false, string? group = null, int? limit = null, EngineId? after = null, CancellationToken cancellationToken = default)
    {
        if (!all)
        {
            if (group is not null && !EngineLists.MayList(caller, new GroupId(group)))
                return Problem.Forbidden("Only a group's manager and administrators see its engines. Leave out 'group' to see your own.");
            var found = group is not null ? await lists.OfGroupAsync(caller, new GroupId(group), cancellationToken)
                : shared ? await lists.SharedWithAsync(caller, cancellationToken)
                : await lists.OwnAsync(caller, cancellationToken);
            return TypedResults.Ok(await presenter.ShowAsync(found, cancellationToken));
        }

        if (caller.Role != Role.Admin)
            return Problem.Forbidden("Only administrators see everybody's engines. Leave out 'all' to see your own.");
        if (limit is < 1 or > LargestPage)
            return Problem.Invalid($"'limit' must be from 1 to {LargestPage}. Without it, all engines come at once.");
        var page = await lists.EverybodysAsync(caller, after, limit, cancellationToken);
        if (page.Count == limit)
            response.Headers.Link = $"</api/v1/engines?all=true&limit={limit}&after={page[^1].Id}>; rel=\"next\"";
        return TypedResults.Ok(await presenter.ShowAsync(page, cancellationToken));
    }

    private static async Task<Results<Created<EngineJson>, ProblemHttpResult>> TakeAsync(
        TakeRequest request, Caller caller, EngineActions actions, EnginePresenter presenter, CancellationToken cancellationToken)
    {
        var outcome = await actions.TakeAsync(caller, request.Template, request.Disk is null ? null : new EngineId(request.Disk), cancellationToken);
        return outcome is Outcome.Ok taken
            ? TypedResults.Created($"/api/v1/engines/{taken.Engine.Id}", await presenter.ShowAsync(taken.Engine, cancellationToken))
            : outcome.ToProblem();
    }

    private static async Task<Ok<IReadOnlyList<KeptDiskJson>>> ListDisksAsync(Caller caller, KeptDiskStore disks, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<KeptDiskJson>>(
            [.. (await disks.ListAsync(caller.UserId, cancellationToken)).Select(disk => new KeptDiskJson(disk.Id.Value, disk.Template, disk.Host, disk.DeletedAt))]);

    private static Task<EngineResult> FindAsync(
        EngineId id, Caller caller, EngineActions actions, EnginePresenter presenter, CancellationToken cancellationToken) =>
        presenter.AnswerAsync(actions.FindAsync(caller, id, cancellationToken), cancellationToken);

    private static Task<EngineResult> WakeAsync(
        EngineId id, Caller caller, EngineActions actions, EnginePresenter presenter, CancellationToken cancellationToken) =>
        presenter.AnswerAsync(actions.WakeAsync(caller, id, cancellationToken), cancellationToken);

    private static Task<EngineResult> SleepAsync(
        EngineId id, Caller caller, EngineActions actions, EnginePresenter presenter, bool evenIfBusy = false, CancellationToken cancellationToken = default) =>
        presenter.AnswerAsync(actions.SleepAsync(caller, id, evenIfBusy, cancellationToken), cancellationToken);

    private static Task<EngineResult> RestartAsync(
        EngineId id, Caller caller, EngineActions actions, EnginePresenter presenter, bool evenIfBusy = false, CancellationToken cancellationToken = default) =>
        presenter.AnswerAsync(actions.RestartAsync(caller, id, evenIfBusy, cancellationToken), cancellationToken);

    private static Task<EngineResult> AskForPoolAsync(
        EngineId id, AskForPoolRequest request, Caller caller, EngineActions actions, EnginePresenter presenter, CancellationToken cancellationToken) =>
        presenter.AnswerAsync(actions.AskForPoolAsync(caller, id, request.Pool, cancellationToken), cancellationToken);

    private static Task<EngineResult> KeepAwakeAsync(
        EngineId id, KeepAwakeRequest request, Caller caller, EngineActions actions, EnginePresenter presenter, CancellationToken cancellationToken) =>
        presenter.AnswerAsync(
            actions.KeepAwakeAsync(caller, id, TimeSpan.FromMinutes(request.Minutes), cancellationToken), cancellationToken);

    private static async Task<Results<Ok<PreWakeJson>, ProblemHttpResult>> FindPreWakeAsync(
        EngineId id, Caller caller, EngineActions actions, Habits habits, CancellationToken cancellationToken) =>
        await PreWakeAsync(await actions.FindAsync(caller, id, Rights.Own, "see when it is woken ahead", cancellationToken), habits, cancellationToken);

    private static async Task<Results<Ok<PreWakeJson>, ProblemHttpResult>> AllowPreWakeAsync(
        EngineId id, AllowPreWakeRequest request, Caller caller, EngineActions actions, Habits habits, CancellationToken cancellationToken) =>
        await PreWakeAsync(await actions.AllowPreWakeAsync(caller, id, request.Allowed, cancellationToken), habits, cancellationToken);

    private static async Task<Results<Ok<PreWakeJson>, ProblemHttpResult>> PreWakeAsync(Outcome outcome, Habits habits, CancellationToken cancellationToken) =>
        outcome is Outcome.Ok { Engine: var engine }
            ? TypedResults.Ok(new PreWakeJson(habits.IsOn, engine.PreWake, await habits.NextAsync(engine, cancellationToken)))
            : outcome.ToProblem();

    private static async Task<Results<Accepted<EngineJson>, ProblemHttpResult>> DeleteAsync(
        EngineId id, Caller caller, EngineActions actions, EnginePresenter presenter, string? disk, CancellationToken cancellationToken)
    {
        // Files go only when asked for by name.
        if (disk is not (null or "keep" or "remove"))
            return Problem.Invalid("disk=keep keeps the engine's files, disk=remove erases them for good; there is nothing else to say of them.");
        var outcome = await actions.DeleteAsync(caller, id, keepDisk: disk != "remove", cancellationToken);
        return outcome is Outcome.Ok deleted
            ? TypedResults.Accepted($"/api/v1/engines/{id}", await presenter.ShowAsync(deleted.Engine, cancellationToken))
            : outcome.ToProblem();
    }

    private static async Task<EngineResult> AnswerAsync(
        this EnginePresenter presenter, Task<Outcome> action, CancellationToken cancellationToken) =>
        await action switch
        {
            Outcome.Ok ok => TypedResults.Ok(await presenter.ShowAsync(ok.Engine, cancellationToken)),
            var other => other.ToProblem(),
        };

    public static ProblemHttpResult ToProblem(this Outcome outcome) => outcome switch
    {
        Outcome.Forbidden forbidden => Problem.Forbidden(forbidden.Sentence),
        Outcome.Invalid invalid => Problem.Invalid(invalid.Sentence),
        Outcome.TooManyAwake full => Problem.TooManyAwake(full.Limit, full.Awake),
        Outcome.QuotaFull full => Problem.QuotaFull(full.Used, full.Renews),
        Outcome.AtWork busy => Problem.AtWork(busy.Work.In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName)),
        Outcome.Conflict conflict => Problem.Conflict(conflict.Sentence),
        _ => Problem.NotFound("There is no such engine among yours. GET /api/v1/engines lists them."),
    };
}

/// <param name="Template">The name of a template on offer.</param>
/// <param name="Disk">The id of a kept disk, from <c>GET disks</c>.</param>
public sealed record TakeRequest(string? Template, string? Disk = null);

/// <param name="Pool">The name of a pool.</param>
public sealed record AskForPoolRequest(string? Pool);

/// <param name="Minutes">1 to 1440; 0 ends it.</param>
public sealed record KeepAwakeRequest(int Minutes);

public sealed record KeptDiskJson(string Id, string Template, string Host, DateTimeOffset DeletedAt);

/// <param name="Allowed">Whether it may be woken before its owner comes.</param>
public sealed record AllowPreWakeRequest(bool Allowed);

/// <param name="On">Whether the gateway wakes any engine ahead.</param>
/// <param name="Allowed">Whether its owner lets it.</param>
/// <param name="Times">When it would be woken in the next seven days, by when its owner came in the last four weeks.</param>
public sealed record PreWakeJson(bool On, bool Allowed, IReadOnlyList<DateTimeOffset> Times);
