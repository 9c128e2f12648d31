using Aigc.Api.Callers;
using Aigc.Engines.Access;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Api.Engines;

/// <summary>What a person can do with engines, for REST and dashboard alike: authorises and validates, then writes once.</summary>
public sealed class EngineActions(EngineStore engines, KeptDiskStore keptDisks, TemplateStore templates, PoolStore pools, Denials denials, TimeProvider time)
{
    public static readonly TimeSpan LongestKeepAwake = TimeSpan.FromDays(1);

    /// <summary>Makes the caller an engine of their own, asleep.</summary>
    /// <param name="disk">A disk that an earlier engine of the caller's left; null: an empty one.</param>
    public async Task<Outcome> TakeAsync(Caller caller, string? template, EngineId? disk, CancellationToken cancellationToken)
    {
        if (caller.SignIn.OnlyEngines is not null)
            return new Outcome.Forbidden("This token is limited to some engines, so it can't take another one.");
        var kept = disk is null ? null : (await keptDisks.ListAsync(caller.UserId, cancellationToken)).FirstOrDefault(one => one.Id == disk);
        if (disk is not null && kept is null)
            return new Outcome.Invalid($"You have no kept disk '{disk}'. GET /api/v1/disks lists yours.");
        template ??= kept?.Template;
        if (string.IsNullOrWhiteSpace(template))
            return new Outcome.Invalid("Name the template to take an engine from, as {\"template\": \"demo\"}.");
        if (await templates.FindAsync(template, cancellationToken) is not { } offered)
            return new Outcome.Invalid($"There is no template '{template}'. GET /api/v1/templates lists those on offer.");

        for (var host = kept?.Host ?? HostLabel.New(offered.Name, caller.UserName); ; host = HostLabel.New(offered.Name, caller.UserName))
        {
            var engine = Engine.Taken(caller.UserId, caller.Group, offered.Name, offered.Version, host, time.GetUtcNow(), kept?.Id);
            if (await engines.CreateAsync(engine, caller.Actor, cancellationToken))
                return await FoundAsync(engines.FindAsync(engine.Id, cancellationToken));
            if (kept is not null && await engines.FindAsync(kept.Id, cancellationToken) is not null)
                return new Outcome.Conflict("An engine with this disk has just been taken.");
            // Else somebody has the same host already: other random characters.
        }
    }

    public Task<Outcome> WakeAsync(Caller caller, EngineId id, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, Rights.Use, "wake it", _ =>
            WokenAsync(engines.WakeAsync(id, new(Reasons.WakeAsked, caller.UserName), retry: true, caller.Actor, cancellationToken)), cancellationToken);

    /// <param name="evenIfBusy">Whether what it does may be lost.</param>
    public Task<Outcome> SleepAsync(Caller caller, EngineId id, bool evenIfBusy, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, Rights.Manage, "put it to sleep", async engine =>
        {
            var work = WorkOf(engine);
            if (work is not null && !evenIfBusy)
                return new Outcome.AtWork(engine, work);
            var reason = work is null ? new Reason(Reasons.SleepAsked, caller.UserName) : new(Reasons.SleepAskedWhileBusy, work.En);
            // Null: it is not wanted awake, which is what was asked for.
            return new Outcome.Ok(await engines.SleepAsync(id, reason, caller.Actor, cancellationToken) ?? engine);
        }, cancellationToken);

    /// <summary>What waits in the queue takes this pool instead of whichever comes first.</summary>
    public Task<Outcome> AskForPoolAsync(Caller caller, EngineId id, string? pool, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, Rights.Own, "choose where it starts", async _ =>
        {
            if ((await pools.ListAsync(cancellationToken)).FirstOrDefault(one => one.Name == pool && !one.Closed) is not { } open)
                return new Outcome.Invalid($"There is no open pool '{pool}'. While an engine waits, its 'queue' names one that has room as 'other'.");
            return await engines.AskForPoolAsync(id, open.Name, caller.Actor, cancellationToken) is { } asked
                ? new Outcome.Ok(asked)
                : new Outcome.Conflict("Only an engine that waits in the queue can go to another pool.");
        }, cancellationToken);

    /// <summary>Who may not wake an engine may restart one that is awake.</summary>
    /// <param name="evenIfBusy">Whether what it does may be lost.</param>
    public Task<Outcome> RestartAsync(Caller caller, EngineId id, bool evenIfBusy, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, Rights.Manage, "restart it", async engine =>
        {
            if (engine.Desired != Desired.Awake && !RightsOf(caller, engine).HasFlag(Rights.Use))
                return new Outcome.Forbidden("This engine is asleep, and somebody else's: only its owner can wake it.");
            var work = WorkOf(engine);
            if (work is not null && !evenIfBusy)
                return new Outcome.AtWork(engine, work);
            var reason = work is null ? new Reason(Reasons.RestartAsked) : new(Reasons.RestartAskedWhileBusy, work.En);
            return await WokenAsync(engines.RestartAsync(id, reason, caller.Actor, cancellationToken));
        }, cancellationToken);

    /// <summary>What an engine is at work on, as its probe said last; null: nothing.</summary>
    private static LocalizedText? WorkOf(Engine engine) =>
        engine is { Desired: Desired.Awake, State: EngineState.Ready, Outlook: { Why: Hold.Work } outlook } ? OutlookWords.Work(outlook.Said) : null;

    /// <summary>Somebody else than the owner leaves the owner the disk.</summary>
    public Task<Outcome> DeleteAsync(Caller caller, EngineId id, bool keepDisk, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, keepDisk ? Rights.Manage : Rights.Manage | Rights.Own, "have its disk erased; with disk=keep you can delete the engine alone", _ =>
            FoundAsync(engines.DeleteAsync(id, keepDisk, caller.Actor, cancellationToken)), cancellationToken);

    /// <param name="duration">From now; zero ends an earlier one.</param>
    public Task<Outcome> KeepAwakeAsync(Caller caller, EngineId id, TimeSpan duration, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, Rights.Own, "keep it awake", async _ =>
        {
            if (duration < TimeSpan.Zero || duration > LongestKeepAwake)
                return new Outcome.Invalid($"An engine is kept awake for 1 to {LongestKeepAwake.TotalMinutes:0} minutes; 0 ends it.");
            return await engines.KeepAwakeAsync(id, time.GetUtcNow() + duration, cancellationToken) is { } kept
                ? new Outcome.Ok(kept)
                : new Outcome.Conflict("Only an engine that is awake can be kept awake. Wake it first.");
        }, cancellationToken);

    public Task<Outcome> AllowPreWakeAsync(Caller caller, EngineId id, bool allowed, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, Rights.Own, "say whether it is woken ahead", _ =>
            FoundAsync(engines.AllowPreWakeAsync(id, allowed, cancellationToken)), cancellationToken);

    /// <summary>The engine, when the caller may see it.</summary>
    public Task<Outcome> FindAsync(Caller caller, EngineId id, CancellationToken cancellationToken) =>
        FindAsync(caller, id, Rights.See, "see it", cancellationToken);

    /// <summary>The engine, when the caller may do this with it.</summary>
    /// <param name="what">It in words, for those who may not.</param>
    public Task<Outcome> FindAsync(Caller caller, EngineId id, Rights needed, string what, CancellationToken cancellationToken) =>
        AllowedAsync(caller, id, needed, what, engine => Task.FromResult<Outcome>(new Outcome.Ok(engine)), cancellationToken);

    /// <summary>The engine as the caller may see it: what its program logged last is for those who may use it.</summary>
    public Engine Show(Caller caller, Engine engine) =>
        RightsOf(caller, engine).HasFlag(Rights.Use) ? engine : engine with { Reason = engine.Reason.WithoutLog() };

    /// <summary>What the person may, as far as the credential goes.</summary>
    public Rights RightsOf(Caller caller, Engine engine) =>
        caller.Covers(engine.Id) ? AccessRule.RightsOf(caller.Standing, engine, time.GetUtcNow()) : Rights.None;

    private async Task<Outcome> AllowedAsync(
        Caller caller, EngineId id, Rights needed, string what, Func<Engine, Task<Outcome>> act, CancellationToken cancellationToken)
    {
        if (await engines.FindAsync(id, cancellationToken) is not { } engine)
            return new Outcome.NotFound();
        var rights = RightsOf(caller, engine);
        if (!rights.HasFlag(Rights.See))
        {
            denials.Note(caller.Actor, AuditTarget.Of(engine), caller.Covers(id) ? "not theirs" : "not the token's");
            return new Outcome.NotFound();
        }

        if (!rights.HasFlag(needed))
        {
            denials.Note(caller.Actor, AuditTarget.Of(engine), what);
            return new Outcome.Forbidden($"This engine is somebody else's: only its owner can {what}.");
        }

        return await act(engine) is var outcome && outcome is Outcome.Ok done ? new Outcome.Ok(Show(caller, done.Engine)) : outcome;
    }

    private static async Task<Outcome> WokenAsync(Task<Engine?> engine)
    {
        try
        {
            return await FoundAsync(engine);
        }
        catch (TooManyAwakeException full)
        {
            return new Outcome.TooManyAwake(full.Limit, full.Awake);
        }
        catch (QuotaUsedException quota)
        {
            return new Outcome.QuotaFull(quota.Used, quota.Renews);
        }
    }

    private static async Task<Outcome> FoundAsync(Task<Engine?> engine) =>
        await engine is { } found ? new Outcome.Ok(found) : new Outcome.NotFound();
}
