using Aigc.Api.Access;
using Aigc.Api.Dashboard.Engines;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Engines;
using Microsoft.AspNetCore.Mvc;
using FormResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult,
    Microsoft.AspNetCore.Http.HttpResults.NotFound,
    Microsoft.AspNetCore.Http.HttpResults.StatusCodeHttpResult>;

namespace Aigc.Api.Dashboard.Access;

/// <summary>The forms with which an owner shares an engine, and an administrator opens it.</summary>
internal static class AccessForms
{
    public static void MapAccessForms(this RouteGroupBuilder forms)
    {
        var engine = forms.MapGroup("/engines/{id:length(32)}");
        engine.MapPost("/share", ShareAsync);
        engine.MapPost("/unshare", UnshareAsync);
        engine.MapPost("/open-for-me", OpenAsync);
        engine.MapPost("/end-access", EndAsync);
    }

    private static async Task<FormResult> ShareAsync(
        [AsParameters] EngineForm form, AccessActions actions, [FromForm] string? userName, [FromForm] bool group = false)
    {
        var (outcome, shares) = await actions.ShareAsync(form.Caller, form.Id, group ? null : userName ?? "", form.CancellationToken);
        return await AnswerAsync(form, outcome, _ => form.Page.Text.Shared(shares[0].SubjectName), form.Page.Text.CannotShare(userName?.Trim() ?? ""));
    }

    private static async Task<FormResult> UnshareAsync([AsParameters] EngineForm form, AccessActions actions, [FromForm] string? share)
    {
        var (outcome, shares) = await actions.UnshareAsync(form.Caller, form.Id, share ?? "", form.CancellationToken);
        return await AnswerAsync(form, outcome, _ => form.Page.Text.Unshared(shares[0].SubjectName), form.Page.Text.NotPossible);
    }

    private static async Task<FormResult> OpenAsync(
        [AsParameters] EngineForm form, AccessActions actions, [FromForm] string? reason, [FromForm] int minutes)
    {
        var (outcome, _) = await actions.OpenAsync(form.Caller, form.Id, reason, TimeSpan.FromMinutes(minutes), form.CancellationToken);
        return await AnswerAsync(form, outcome, form.Page.Text.OpenedForYou, form.Page.Text.WhyMissing);
    }

    private static async Task<FormResult> EndAsync([AsParameters] EngineForm form, AccessActions actions)
    {
        var (outcome, _) = await actions.CloseAsync(form.Caller, form.Id, form.CancellationToken);
        return await AnswerAsync(form, outcome, form.Page.Text.AccessEnded, form.Page.Text.NotPossible);
    }

    /// <param name="otherwise">What to say when it was not possible as the form had it.</param>
    private static Task<FormResult> AnswerAsync(EngineForm form, Outcome outcome, Func<string, string> done, string otherwise)
    {
        if (outcome is not (Outcome.Invalid or Outcome.Conflict))
            return form.AnswerAsync(outcome, done);
        Messages.Leave(form.Context, new(otherwise, Failed: true));
        return Task.FromResult<FormResult>(TypedResults.LocalRedirect($"/engines/{form.Id}"));
    }
}
