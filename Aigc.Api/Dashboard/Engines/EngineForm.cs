using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Engines;
using Aigc.Engines.Lifecycle;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc.Api.Dashboard.Engines;

/// <summary>A button on an engine, pressed.</summary>
/// <param name="Return">Where the button stood; anything but a path of ours counts as the first page.</param>
internal sealed record EngineForm(
    EngineId Id, [FromForm(Name = "return")] string? Return, HttpContext Context, EngineActions Actions, EngineViews Views,
    CancellationToken CancellationToken)
{
    public Page Page { get; } = Page.Of(Context);

    public Caller Caller => Page.Caller!;

    /// <summary>Leaves a message, and leads back.</summary>
    /// <param name="done">The sentence for the engine's title.</param>
    public Task<Results<RedirectHttpResult, NotFound, StatusCodeHttpResult>> AnswerAsync(Outcome outcome, Func<string, string> done) =>
        AnswerAsync(outcome, done, Return, Page, Context, Views);

    /// <summary>The same for what an engine's work would be lost to: that is asked about first.</summary>
    /// <param name="action">The last part of the form's address.</param>
    public async Task<Results<RedirectHttpResult, NotFound, StatusCodeHttpResult, RazorComponentResult<BusyPage>>> AnswerAsync(
        Outcome outcome, Func<string, string> done, string action)
    {
        if (outcome is Outcome.AtWork { Engine: var engine, Work: var work })
        {
            return new RazorComponentResult<BusyPage>(new
            {
                Page,
                View = await Views.ViewAsync(engine, CancellationToken),
                Action = action,
                Work = Page.Text.In(work),
                Return = RedirectHttpResult.IsLocalUrl(Return) ? Return! : "/",
            });
        }

        return (await AnswerAsync(outcome, done)).Result switch
        {
            RedirectHttpResult redirect => redirect,
            StatusCodeHttpResult status => status,
            _ => TypedResults.NotFound(),
        };
    }

    public static async Task<Results<RedirectHttpResult, NotFound, StatusCodeHttpResult>> AnswerAsync(
        Outcome outcome, Func<string, string> done, string? back, Page page, HttpContext context, EngineViews views)
    {
        switch (outcome)
        {
            case Outcome.NotFound:
                return TypedResults.NotFound();
            case Outcome.Forbidden:
                return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
            case Outcome.Ok { Engine: var engine }:
                var view = await views.ViewAsync(engine, context.RequestAborted);
                Messages.Leave(context, new(done(view.Title(page.Text))));
                break;
            case Outcome.TooManyAwake full:
                Messages.Leave(context, new(page.Text.TooManyAwake(full.Limit, full.Awake), Failed: true));
                break;
            case Outcome.QuotaFull full:
                Messages.Leave(context, new(page.Text.QuotaFull(full.Used, full.Renews), Failed: true));
                break;
            default:
                Messages.Leave(context, new(outcome is Outcome.Conflict ? page.Text.NotAwake : page.Text.NotPossible, Failed: true));
                break;
        }

        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(back) ? back : "/");
    }
}
