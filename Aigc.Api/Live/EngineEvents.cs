using System.Globalization;
using System.Text.Json;
using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Api.SigningIn;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Live;

/// <summary>An engine's history and what happens next, as server-sent events.</summary>
public sealed class EngineEvents(
    EventLog log, ChangeFeed feed, Endings endings, TimeProvider time, IHostApplicationLifetime host, IOptions<JsonOptions> json)
{
    private const int History = 50;

    /// <summary>Below the idle timeouts of the proxies on the way, commonly 60 s.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Runs until the client leaves, its sign-in or token ends, or the service stops.</summary>
    /// <param name="withLog">Whether the reader may see what the engine's program logged last.</param>
    public async Task WriteAsync(HttpContext context, SignInKey signIn, EngineId engine, bool withLog)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        using var ending = endings.On(signIn, end);
        using var changes = feed.Subscribe();
        _ = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last);
        try
        {
            await response.StartAsync(end.Token);
            last = await WriteNewAsync(response, engine, withLog, last, end.Token);
            while (true)
            {
                if (!await changes.WaitAsync(Heartbeat, time, end.Token))
                    await response.WriteAsync(": still here\n\n", end.Token);
                else if (Concerns(changes, engine))
                    last = await WriteNewAsync(response, engine, withLog, last, end.Token);
                await response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The stream's only end.
        }
    }

    private async Task<long> WriteNewAsync(HttpResponse response, EngineId engine, bool withLog, long last, CancellationToken cancellationToken)
    {
        foreach (var happened in await log.ReadAsync(engine, last, History, cancellationToken))
        {
            var data = JsonSerializer.Serialize(EngineEventJson.Of(withLog ? happened : happened with { Reason = happened.Reason.WithoutLog() }), json.Value.SerializerOptions);
            await response.WriteAsync($"id: {happened.Id}\ndata: {data}\n\n", cancellationToken);
            last = happened.Id;
        }

        return last;
    }

    private static bool Concerns(Changes changes, EngineId engine)
    {
        var concerns = false;
        while (changes.TryRead(out var change))
            concerns |= change is DatabaseChange.Resync || (change is DatabaseChange.Changed { Kind: ChangeKind.Engine } changed && changed.Id == engine.Value);
        return concerns;
    }
}

/// <param name="Reason">In the language of the request.</param>
/// <param name="Actor">Who asked, when somebody did.</param>
public sealed record EngineEventJson(long Id, DateTimeOffset At, EngineState State, string Reason, string ReasonCode, string? Actor)
{
    public static EngineEventJson Of(EngineEvent happened) =>
        new(happened.Id, happened.At, happened.State, ReasonText.Of(happened.Reason), happened.Reason.Code, happened.Actor);
}

public static class EngineEventEndpoints
{
    public static void MapEngineEvents(this RouteGroupBuilder engines) =>
        engines.MapGet("/{id:length(32)}/events", StreamAsync).Produces<EngineEventJson>(contentType: "text/event-stream").RequireScope(Scopes.EnginesRead)
            .WithSummary("The engine's last 50 events, then each new one, as server-sent events.");

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> StreamAsync(
        EngineId id, Caller caller, EngineActions actions, EngineEvents stream, HttpContext context, CancellationToken cancellationToken)
    {
        var outcome = await actions.FindAsync(caller, id, cancellationToken);
        if (outcome is not Outcome.Ok { Engine: var engine })
            return outcome.ToProblem();
        await stream.WriteAsync(context, caller.SignInKey, id, withLog: actions.RightsOf(caller, engine).HasFlag(Rights.Use));
        return TypedResults.Empty;
    }
}
