using Aigc.Api.Auditing;
using Aigc.Api.Callers;
using Aigc.Api.Limits;
using Aigc.Api.Signing;
using Aigc.Engines.Access;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Route = Aigc.Engines.Tracking.Route;

namespace Aigc.Api.Internal;

/// <summary>What the proxy asks; see <see cref="InternalApi"/>.</summary>
public static class InternalEndpoints
{
    public static void MapInternal(this WebApplication app)
    {
        var group = app.MapGroup("").AddEndpointFilter<GatewayKey>().AllowAnonymous().ExcludeFromDescription();
        group.MapPost(InternalApi.Authenticate, AuthenticateAsync);
        group.MapPost(InternalApi.Visits, VisitAsync);
        group.MapPost(InternalApi.Queue, QueueAsync);
        group.MapPost(InternalApi.Redeem, RedeemAsync);
        group.MapPost(InternalApi.Denials, DenyAsync);
        group.MapGet(InternalApi.Routes, FindRouteAsync);
        group.MapGet(InternalApi.SigningKey, (SigningKeys keys, CancellationToken cancellationToken) => keys.CurrentAsync(cancellationToken));
    }

    private static async Task<Results<Ok<SignIn>, UnauthorizedHttpResult>> AuthenticateAsync(
        AuthenticateRequest request, Credentials credentials, CancellationToken cancellationToken) =>
        await credentials.AuthenticateAsync(request.Credential, request.Address, cancellationToken) is { } signIn
            ? TypedResults.Ok(signIn)
            : TypedResults.Unauthorized();

    private static async Task<Results<Ok<VisitAnswer>, StatusCodeHttpResult, NotFound, Conflict<TooManyAwakeAnswer>>> VisitAsync(
        VisitRequest request, EngineStore engines, PeopleStore people, PersonLimits limits, ApiMetrics metrics, TimeProvider time,
        HttpResponse response, CancellationToken cancellationToken)
    {
        using var activity = ApiMetrics.Activities.StartActivity("visit")?.SetTag("aigc.engine.id", request.Engine.Value);
        if (await engines.FindAsync(request.Engine, cancellationToken) is not { } engine)
        {
            metrics.Visited("gone");
            return TypedResults.NotFound();
        }
        var person = await people.FindAsync(request.User, cancellationToken);
        // Whom nobody knows any more is still the owner, if they are, and nothing else.
        var standing = person?.Standing ?? new Standing(request.User, GroupId.None, Role.User);
        if (!AccessRule.RightsOf(standing, engine, time.GetUtcNow()).HasFlag(Rights.Use))
        {
            metrics.Visited("forbidden");
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (engine.Desired != Desired.Awake && limits.Wake(request.User) is { } pause)
        {
            metrics.Visited("too-often");
            response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64((long)pause.TotalSeconds);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        try
        {
            var actor = new Actor(request.User, person?.UserName ?? request.User.Value, request.Address);
            var woken = await engines.WakeAsync(engine.Id, new(Reasons.Visit), request.Retry, actor, cancellationToken);
            metrics.Visited(woken is null ? "gone" : woken.Generation == engine.Generation ? "awake" : "woke");
            return woken is null
                ? TypedResults.NotFound()
                : TypedResults.Ok(new VisitAnswer(woken.Desired, woken.State, woken.Reason, woken.Generation));
        }
        catch (TooManyAwakeException full)
        {
            metrics.Visited("too-many-awake");
            return TypedResults.Conflict(new TooManyAwakeAnswer(full.Limit, full.Awake));
        }
        catch (QuotaUsedException quota)
        {
            metrics.Visited("quota-used");
            return TypedResults.Conflict(new TooManyAwakeAnswer(0, [], QuotaWords.Refusal(quota)));
        }
    }

    private static async Task<Results<NoContent, StatusCodeHttpResult, NotFound, Conflict>> QueueAsync(
        QueueRequest request, EngineStore engines, PoolStore pools, PeopleStore people, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await engines.FindAsync(request.Engine, cancellationToken) is not { } engine)
            return TypedResults.NotFound();
        var person = await people.FindAsync(request.User, cancellationToken);
        var standing = person?.Standing ?? new Standing(request.User, GroupId.None, Role.User);
        if (!AccessRule.RightsOf(standing, engine, time.GetUtcNow()).HasFlag(Rights.Own))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var actor = new Actor(request.User, person?.UserName ?? request.User.Value, request.Address);
        if (request.Pool is not { } pool)
        {
            await engines.SleepAsync(engine.Id, new(Reasons.SleepAsked, actor.Name), actor, cancellationToken);
            return TypedResults.NoContent();
        }

        var isOpen = (await pools.ListAsync(cancellationToken)).Any(one => one.Name == pool && !one.Closed);
        return isOpen && await engines.AskForPoolAsync(engine.Id, pool, actor, cancellationToken) is not null ? TypedResults.NoContent() : TypedResults.Conflict();
    }

    private static async Task<Results<Ok<RedeemAnswer>, BadRequest>> RedeemAsync(
        RedeemRequest request, CodeDesk desk, CancellationToken cancellationToken) =>
        await desk.RedeemAsync(request, cancellationToken) is { } answer ? TypedResults.Ok(answer) : TypedResults.BadRequest();

    private static async Task<Results<NoContent, BadRequest>> DenyAsync(
        IReadOnlyList<Denial> batch, DenialWriter writer, CancellationToken cancellationToken)
    {
        if (batch.Count > Denials.LargestBatch)
            return TypedResults.BadRequest();
        await writer.WriteAsync(batch, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>For a proxy that does not know the host yet; the worker publishes the route soon.</summary>
    private static async Task<Results<Ok<Route>, NotFound>> FindRouteAsync(
        string? host, EngineStore engines, TemplateStore templates, CancellationToken cancellationToken)
    {
        if (host is null || await engines.FindByHostAsync(host, cancellationToken) is not { } engine)
            return TypedResults.NotFound();
        var template = await templates.FindVersionAsync(engine.Template, engine.TemplateVersion, cancellationToken);
        return TypedResults.Ok(new Route
        {
            Engine = engine.Id,
            Host = engine.Host,
            Owner = engine.Owner,
            Group = engine.Group,
            Access = engine.Access,
            Title = template?.Title ?? new(engine.Template),
            State = engine.State,
            Reason = engine.Reason,
            Since = engine.StateSince,
            Address = engine.State == EngineState.Ready ? engine.Address : null,
            Activity = template?.Activity ?? new(),
            Generation = engine.Generation,
        });
    }
}
