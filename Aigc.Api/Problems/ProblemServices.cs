using Aigc.Api.SigningIn.Checking;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Problems;

/// <summary>Answers of the API that nobody wrote: unknown paths, unreadable bodies, exceptions.</summary>
public static class ProblemServices
{
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails();
        // A body that cannot be read is the caller's mistake in development too, and no page of stack traces.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context =>
            {
                var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
                if (error is TrackerAwayException)
                    context.Response.Headers.RetryAfter = "2";
                return Answer(error is null ? null : context.RequestServices.GetRequiredService<Database>().Explain(error) ?? error).ExecuteAsync(context);
            },
        });
        app.UseStatusCodePages(context => ForStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
    }

    private static ProblemHttpResult Answer(Exception? error) => error switch
    {
        BadHttpRequestException bad => ForStatus(bad.StatusCode),
        ProviderAwayException => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "provider-away", "Sign-in is not available right now",
            "The identity provider does not answer, so its tokens cannot be checked. Try again in a minute, or use a personal token."),
        DatabaseAwayException => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "database-away", "The gateway's database is not available right now",
            "Nothing was changed. Try again in a minute; engines that run go on meanwhile. The gateway's log says why."),
        TrackerAwayException => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "tracker-away", "Not possible right now",
            "The session tracker does not answer. Try again in a few seconds; nothing was lost."),
        _ => ForStatus(StatusCodes.Status500InternalServerError),
    };

    private static ProblemHttpResult ForStatus(int status) => status switch
    {
        400 => Problem.Invalid("The request could not be read: a parameter or the JSON body does not have the form that /openapi/v1.json describes. Correct it and send it again."),
        401 => Problem.Unauthenticated(),
        403 => Problem.Forbidden("Your sign-in does not allow this. Ask an administrator."),
        404 => Problem.NotFound("There is nothing at this address. /openapi/v1.json lists what there is."),
        405 => Problem.Of(status, "method-not-allowed", "Method not allowed", "This address does not know the method. The Allow header names those that it does."),
        413 => Problem.Of(status, "too-large", "Too large", "The body is larger than this address accepts. Send less."),
        415 => Problem.Of(status, "unsupported-media-type", "Media type not supported", "Send the body with the Content-Type that /openapi/v1.json names for this address, such as application/json."),
        >= 500 => Problem.Of(status, "internal", "Something went wrong here", "The gateway made a mistake and has logged it. Try again; if it goes on, tell your administrator the time and the address."),
        _ => Problem.Of(status, "refused", "The request was refused", "The request does not fit what /openapi/v1.json describes. Correct it and send it again."),
    };
}
