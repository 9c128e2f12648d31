using System.Globalization;
using System.Text.Json;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>The session tracker of several machines. docs/tracker.md tells what is where and what happens when Redis is away.</summary>
public sealed partial class RedisTracker : ISessionTracker, IDisposable
{
    private const int RoutesInOneStep = 500;

    /// <summary>Redis computes the end of a key's life in its own clock's milliseconds; beyond this it may not fit.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private readonly RedisTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <exception cref="FormatException">Says which part of the connection string is wrong.</exception>
    public RedisTracker(string connectionString, TimeProvider time, ILogger<RedisTracker> logger, TrackerStatus? status = null, RedisTimes? times = null)
    {
        var settings = RedisSettings.Parse(connectionString);
        (_time, _logger, _times, _keys) = (time, logger, times ?? new(), new(settings.Prefix));
        _connection = new(settings, _keys.Channel, _times, time, status ?? new(), logger);
    }

    public async Task BeginTermAsync(Term term, IReadOnlyCollection<Route> routes, CancellationToken cancellationToken)
    {
        var epoch = Guid.NewGuid().ToString("N");
        var staged = _keys.Staged(epoch);
        foreach (var some in routes.Chunk(RoutesInOneStep))
            await EvaluateAsync(RedisScripts.Stage, [staged], [.. some.SelectMany(route => new RedisValue[] { route.Engine.Value, Json(route) })], cancellationToken);
        var count = routes.Select(route => route.Engine).Distinct().Count();
        var begun = (int)await EvaluateAsync(
            RedisScripts.Begin,
            [_keys.Head, _keys.Changes, _keys.Routes, staged, _keys.Activity],
            [Channel, term.Number, epoch, count],
            cancellationToken);
        if (begun < 0)
            throw new NotLeadingException(term);
        if (begun == 0)
            throw new TrackerAwayException("Redis lost the routes while they were being told; tell them again.");
    }

    public Task PublishRouteAsync(Route route, Term term, CancellationToken cancellationToken) => LeadAsync(
        term, RedisScripts.Publish,
        [_keys.Head, _keys.Changes, _keys.Routes],
        [Channel, term.Number, route.Engine.Value, Json(route)], cancellationToken);

    public Task RemoveRouteAsync(EngineId engine, Term term, CancellationToken cancellationToken) => LeadAsync(
        term, RedisScripts.Remove,
        [_keys.Head, _keys.Changes, _keys.Routes, _keys.Activity, _keys.Proxies],
        [Channel, term.Number, engine.Value, _keys.LeasesOf], cancellationToken);

    public async Task PutSignInAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        if (Life(signIn.ExpiresAt) is not { } life)
            return;
        await EvaluateAsync(
            RedisScripts.PutSignIn,
            [_keys.SignIn(signIn.Key), _keys.Children(signIn.Parent ?? signIn.Key), _keys.Changes],
            [signIn.Key.Value, signIn.Parent?.Value ?? "", Json(signIn), life, signIn.Revision],
            cancellationToken);
    }

    public async Task<SignIn?> FindSignInAsync(SignInKey key, CancellationToken cancellationToken) =>
        await _connection.RunAsync(redis => redis.StringGetAsync(_keys.SignIn(key)), cancellationToken) is { IsNull: false } body
            && Read<SignIn>(body) is { } signIn && signIn.ExpiresAt > _time.GetUtcNow()
                ? signIn
                : null;

    public Task RevokeSignInAsync(SignInKey key, CancellationToken cancellationToken) => EvaluateAsync(
        RedisScripts.Revoke,
        [_keys.Head, _keys.Changes, _keys.SignIn(key), _keys.Children(key)],
        [Channel, key.Value, _keys.SignIns],
        cancellationToken);

    public Task TellPersonChangedAsync(UserId user, CancellationToken cancellationToken) =>
        EvaluateAsync(RedisScripts.TellPersonChanged, [_keys.Head, _keys.Changes], [Channel, user.Value], cancellationToken);

    public async Task PutCodeAsync(OneTimeCode code, CancellationToken cancellationToken)
    {
        if (Life(code.ExpiresAt) is { } life)
            await _connection.RunAsync(redis => redis.StringSetAsync(_keys.Code(code.Key), Json(code), TimeSpan.FromMilliseconds(life)), cancellationToken);
    }

    public async Task<OneTimeCode?> TakeCodeAsync(SignInKey key, CancellationToken cancellationToken)
    {
        var body = (RedisValue)await EvaluateAsync(RedisScripts.TakeCode, [_keys.Code(key)], [], cancellationToken);
        return !body.IsNull && Read<OneTimeCode>(body) is { } code && code.ExpiresAt > _time.GetUtcNow() ? code : null;
    }

    public Task ReportLeasesAsync(string proxy, IReadOnlyCollection<LeaseReport> reports, CancellationToken cancellationToken) => EvaluateAsync(
        RedisScripts.Report,
        [_keys.Proxies, _keys.Leases(proxy), _keys.Activity],
        [
            Milliseconds(_times.LeaseLifetime), proxy,
            .. reports.SelectMany(report => new RedisValue[]
            {
                report.Engine.Value, report.Open, report.Quiet is { } quiet ? Milliseconds(quiet) : "",
            }),
        ],
        cancellationToken);

    public async Task<IReadOnlyDictionary<EngineId, EngineActivity>> GetActivityAsync(CancellationToken cancellationToken)
    {
        var answer = (RedisValue[])(await EvaluateAsync(
            RedisScripts.Activity,
            [_keys.Proxies, _keys.Activity, _keys.Since],
            [Milliseconds(_times.LeaseLifetime), _keys.LeasesOf],
            cancellationToken))!;
        var age = TimeSpan.FromMilliseconds((long)answer[0]);
        if (age < _times.Settling)
            throw new TrackerAwayException($"Redis began anew {age.TotalSeconds:0} s ago; what the proxies hold is known {_times.Settling.TotalSeconds:0} s after that.");
        var activity = new Dictionary<EngineId, EngineActivity>(answer.Length / 3);
        for (var i = 1; i < answer.Length; i += 3)
        {
            TimeSpan? quiet = (long)answer[i + 2] < 0 ? null : TimeSpan.FromMilliseconds((long)answer[i + 2]);
            activity[new((string)answer[i]!)] = new((int)answer[i + 1], quiet);
        }

        return activity;
    }

    public void Dispose() => _connection.Dispose();

    private RedisValue Channel => (string)_keys.Channel!;

    private async Task LeadAsync(Term term, string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken)
    {
        if ((int)await EvaluateAsync(script, keys, values, cancellationToken) < 0)
            throw new NotLeadingException(term);
    }

    // Sent whole each time: a server that came back does not know yesterday's scripts, and they are small.
    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken) =>
        _connection.RunAsync(redis => redis.ScriptEvaluateAsync(script, keys, values, CommandFlags.NoScriptCache), cancellationToken);

    /// <summary>In milliseconds; null: over.</summary>
    private long? Life(DateTimeOffset until)
    {
        var life = until - _time.GetUtcNow();
        return life.TotalMilliseconds < 1 ? null : (long)Math.Min(life.TotalMilliseconds, LongestLife.TotalMilliseconds);
    }

    private static RedisValue Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    /// <summary>Null for what is none of ours.</summary>
    private T? Read<T>(RedisValue body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>((string)body!);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException)
        {
            Log.Unreadable(_logger, exception, typeof(T).Name, _keys.Prefix);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A {Kind} under '{Prefix}' in Redis can't be read and is ignored; does another program write there?")]
        public static partial void Unreadable(ILogger logger, Exception exception, string kind, string prefix);

        [LoggerMessage(2, LogLevel.Warning, "Redis can't be watched; what is known stays in force until it can")]
        public static partial void WatchFailed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Information, "Redis is watched again")]
        public static partial void Watching(ILogger logger);
    }
}
