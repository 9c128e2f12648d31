using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>
/// Watching: each change has a number, and Redis keeps the newest change of each route. A message only says "look"; what is new
/// since the number last seen comes with one question. So lost, doubled and late messages do no harm, and nothing piles up.
/// </summary>
public sealed partial class RedisTracker
{
    private sealed record Seen(string Epoch, string Seq, int Gaps)
    {
        public static readonly Seen Nothing = new("", "-1", -1);
    }

    public async IAsyncEnumerable<TrackerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var signal = _connection.Signals.Listen();
        var (seen, away) = (Seen.Nothing, false);
        while (true)
        {
            // Counted before the look: a gap during it makes the next one whole again.
            var gaps = _connection.Gaps;
            IReadOnlyList<TrackerChange> changes = [];
            try
            {
                (changes, seen) = await LookAsync(seen.Gaps == gaps ? seen : Seen.Nothing, gaps, cancellationToken);
                if (away)
                    Log.Watching(_logger);
                away = false;
            }
            catch (TrackerAwayException exception)
            {
                if (!away)
                    Log.WatchFailed(_logger, exception);
                (seen, away) = (Seen.Nothing, true);
            }

            foreach (var change in changes)
                yield return change;
            await signal.WaitAsync(away ? _times.Retry : _times.Look, _time, cancellationToken);
        }
    }

    private async Task<(IReadOnlyList<TrackerChange>, Seen)> LookAsync(Seen seen, int gaps, CancellationToken cancellationToken)
    {
        var answer = (RedisValue[])(await EvaluateAsync(
            RedisScripts.Read, [_keys.Head, _keys.Changes, _keys.Routes], [seen.Epoch, seen.Seq], cancellationToken))!;
        if (answer[0] == "same")
            return ([], seen);
        var now = new Seen((string)answer[1]!, (string)answer[2]!, gaps);
        return answer[0] == "snapshot"
            ? ([new TrackerChange.Snapshot([.. answer.Skip(4).Select(Read<Route>).OfType<Route>()], Complete: answer[3] == 1)], now)
            : ([.. answer.Skip(3).Chunk(2).Select(Change).OfType<TrackerChange>()], now);
    }

    private TrackerChange? Change(RedisValue[] entry)
    {
        var member = (string)entry[0]!;
        return member switch
        {
            ['s', ':', .. var key] => new TrackerChange.SignInRevoked(new(key)),
            ['p', ':', .. var user] => new TrackerChange.PersonChanged(new(user)),
            ['r', ':', .. var engine] when entry[1].IsNullOrEmpty => new TrackerChange.RouteRemoved(new(engine)),
            ['r', ':', ..] when Read<Route>(entry[1]) is { } route => new TrackerChange.RouteChanged(route),
            _ => null,
        };
    }
}
