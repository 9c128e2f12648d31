using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Engines;
using Aigc.Api.Limits;
using Aigc.Engines.Lifecycle;
using Microsoft.AspNetCore.Mvc;
using FormResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult,
    Microsoft.AspNetCore.Http.HttpResults.NotFound,
    Microsoft.AspNetCore.Http.HttpResults.StatusCodeHttpResult>;

using WorkResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult,
    Microsoft.AspNetCore.Http.HttpResults.NotFound,
    Microsoft.AspNetCore.Http.HttpResults.StatusCodeHttpResult,
    Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<Aigc.Api.Dashboard.Engines.BusyPage>>;

namespace Aigc.Api.Dashboard.Engines;

/// <summary>The buttons on templates and engines: each does one thing, leaves a message, and leads back.</summary>
internal static class EngineForms
{
    public static void MapEngineForms(this RouteGroupBuilder forms)
    {
        forms.MapPost("/engines", TakeAsync);
        var engine = forms.MapGroup("/engines/{id:length(32)}");
        engine.MapPost("/wake", WakeAsync).AddEndpointFilter<WakeLimit>();
        engine.MapPost("/sleep", SleepAsync);
        engine.MapPost("/restart", RestartAsync).AddEndpointFilter<WakeLimit>();
        engine.MapPost("/pool", AskForPoolAsync);
        engine.MapPost("/keep-awake", KeepAwakeAsync);
        engine.MapPost("/pre-wake", AllowPreWakeAsync);
        engine.MapPost("/delete", DeleteAsync);
    }

    private static async Task<FormResult> TakeAsync(
        [FromForm] string? template, [FromForm] string? disk, HttpContext context, Page page, Caller caller, EngineActions actions, EngineViews views,
        CancellationToken cancellationToken) =>
        await EngineForm.AnswerAsync(
            await actions.TakeAsync(caller, template, disk is null ? null : new EngineId(disk), cancellationToken), page.Text.Took, "/", page, context, views);

    private static async Task<FormResult> WakeAsync([AsParameters] EngineForm form) =>
        await form.AnswerAsync(await form.Actions.WakeAsync(form.Caller, form.Id, form.CancellationToken), form.Page.Text.Waking);

    private static async Task<WorkResult> SleepAsync([AsParameters] EngineForm form, [FromForm] bool evenIfBusy = false) =>
        await form.AnswerAsync(
            await form.Actions.SleepAsync(form.Caller, form.Id, evenIfBusy, form.CancellationToken), form.Page.Text.GoesToSleep, "sleep");

    private static async Task<WorkResult> RestartAsync([AsParameters] EngineForm form, [FromForm] bool evenIfBusy = false) =>
        await form.AnswerAsync(
            await form.Actions.RestartAsync(form.Caller, form.Id, evenIfBusy, form.CancellationToken), form.Page.Text.Restarting, "restart");

    private static async Task<FormResult> AskForPoolAsync([AsParameters] EngineForm form, [FromForm] string pool) =>
        await form.AnswerAsync(
            await form.Actions.AskForPoolAsync(form.Caller, form.Id, pool, form.CancellationToken), title => form.Page.Text.AskedFor(title, pool));

    private static async Task<FormResult> KeepAwakeAsync([AsParameters] EngineForm form, [FromForm] int minutes)
    {
        var time = TimeSpan.FromMinutes(minutes);
        return await form.AnswerAsync(
            await form.Actions.KeepAwakeAsync(form.Caller, form.Id, time, form.CancellationToken), title => form.Page.Text.KeptAwake(title, time));
    }

    private static async Task<FormResult> AllowPreWakeAsync([AsParameters] EngineForm form, [FromForm] bool allowed) =>
        await form.AnswerAsync(
            await form.Actions.AllowPreWakeAsync(form.Caller, form.Id, allowed, form.CancellationToken), title => form.Page.Text.PreWakeSet(title, allowed));

    private static async Task<FormResult> DeleteAsync([AsParameters] EngineForm form, [FromForm] string disk)
    {
        if (disk is not ("keep" or "remove"))
            return TypedResults.NotFound();
        return await form.AnswerAsync(
            await form.Actions.DeleteAsync(form.Caller, form.Id, keepDisk: disk == "keep", form.CancellationToken), form.Page.Text.IsBeingDeleted);
    }
}
