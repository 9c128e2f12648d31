using System.Globalization;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Engines;

/// <summary>An engine as the API shows it.</summary>
/// <param name="Owner">The id of the person it belongs to.</param>
/// <param name="Host">The full host name, without the port.</param>
/// <param name="Reason">Why it is in its state, in the language of the request.</param>
/// <param name="Since">When the state began.</param>
public sealed record EngineJson(
    string Id, string Template, string TemplateVersion, string Title, string Owner, string Group, string Host, Uri Url,
    EngineState State, string Reason, string ReasonCode, Desired Desired, DateTimeOffset Since, long Generation,
    DateTimeOffset? KeepAwakeUntil, DateTimeOffset CreatedAt, EnginePoolJson? Pool = null, QueueJson? Queue = null, OutlookJson? Outlook = null);

/// <summary>Where its compute is.</summary>
/// <param name="Why">Why it is not in a pool that is preferred to this one; null: none is.</param>
public sealed record EnginePoolJson(string Name, long Units, decimal Gpus, string? Why);

/// <summary>Its place in the queue.</summary>
/// <param name="Position">From 1; beyond 20 rounded down to tens.</param>
/// <param name="WaitMinutes">About how long; null: nobody can tell.</param>
/// <param name="Other">A pool that has room, for <c>POST pool</c>.</param>
public sealed record QueueJson(int Position, string? Pool, int? WaitMinutes, string? Other)
{
    public static QueueJson? Of(Engine engine) =>
        engine is { State: EngineState.Queued, Reason.Code: Reasons.Queued } && QueuePlace.Parse(engine.Reason.Detail) is { } place
            ? new(place.Position, place.Pool, place.Wait, place.Other) : null;
}

/// <summary>Why an engine is awake.</summary>
/// <param name="Sentence">In the language of the request, times in UTC.</param>
/// <param name="Until">The earliest moment at which it may sleep; once its owner is warned, the moment at which it does.</param>
/// <param name="Warned">Whether its owner is being told that it is about to sleep.</param>
public sealed record OutlookJson(
    Hold Why, string Sentence, DateTimeOffset Until, DateTimeOffset LastActivity, UseKind LastActivityKind, bool Warned, string Ends)
{
    public static OutlookJson Of(Outlook outlook, DateTimeOffset now, string language)
    {
        var until = OutlookWords.UntilOf(outlook, now);
        var sentence = OutlookWords.For(outlook, now, language)
            .Replace(OutlookWords.Until, Clock(until), StringComparison.Ordinal).Replace(OutlookWords.Last, Clock(outlook.LastActivity), StringComparison.Ordinal);
        return new(outlook.Why, sentence, until, outlook.LastActivity, outlook.Last, outlook.WarnedAt is not null, outlook.Ends);
    }

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>Shows engines, in the language of the request.</summary>
public sealed class EnginePresenter(TemplateStore templates, RoomPlaces places, IOptions<GatewayOptions> gateway, TimeProvider time)
{
    public async Task<EngineJson> ShowAsync(Engine engine, CancellationToken cancellationToken)
    {
        var template = await templates.FindVersionAsync(engine.Template, engine.TemplateVersion, cancellationToken);
        return Show(await places.PlaceAsync(engine, cancellationToken), template);
    }

    public async Task<IReadOnlyList<EngineJson>> ShowAsync(IReadOnlyList<Engine> engines, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<(string, string), Template?>();
        var shown = new List<EngineJson>(engines.Count);
        foreach (var engine in engines)
        {
            var key = (engine.Template, engine.TemplateVersion);
            if (!versions.TryGetValue(key, out var template))
                versions[key] = template = await templates.FindVersionAsync(engine.Template, engine.TemplateVersion, cancellationToken);
            shown.Add(Show(await places.PlaceAsync(engine, cancellationToken), template));
        }

        return shown;
    }

    private EngineJson Show(Engine engine, Template? template)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        return new(
            engine.Id.Value, engine.Template, engine.TemplateVersion, template?.Title.In(language) ?? engine.Template,
            engine.Owner.Value, engine.Group.Value, gateway.Value.EngineHost(engine.Host), gateway.Value.EngineUrl(engine.Host),
            engine.State, ReasonText.Of(engine.Reason), engine.Reason.Code, engine.Desired, engine.StateSince, engine.Generation,
            engine.KeepAwakeUntil is { } until && until > time.GetUtcNow() ? until : null, engine.CreatedAt,
            engine is { PoolUnits: > 0, Pool: { Length: > 0 } pool }
                ? new(pool, engine.PoolUnits, engine.MilliGpus / 1000m, engine.PoolWhy is { } why ? PoolWords.Reasons(why).In(language) : null) : null,
            QueueJson.Of(engine),
            engine.Outlook is { } outlook && engine.Desired == Desired.Awake ? OutlookJson.Of(outlook, time.GetUtcNow(), language) : null);
    }
}
