using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Testing;

/// <summary>Somebody whose use is made up.</summary>
public sealed record Artist(string Id, string Group);

/// <summary>Four weeks and more of made-up use, straight into a database: people work on working days, in fragments, on two pools.</summary>
public static class UsageMonth
{
    private const string Insert =
        """
        INSERT INTO usage_intervals (runtime_uid, engine_id, owner_id, group_id, template, template_version, pool, milli_gpus, started_at, ended_at)
        VALUES (@Uid, @Engine, @Owner, @Group, @Template, '1', @Pool, @Milli, @Start, @End)
        """;

    /// <param name="from">The first moment.</param>
    /// <param name="fragments">How often each of them works on a day.</param>
    /// <returns>How many runs there were.</returns>
    public static async Task<int> SeedAsync(Database database, IReadOnlyList<Artist> people, DateTimeOffset from, DateTimeOffset until, int seed = 1, int fragments = 3)
    {
        var random = new Random(seed);
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var (runs, parts, events, work, disks) = (new List<object>(), new List<object>(), new List<object>(), new List<object>(), new List<object>());
        foreach (var (index, person) in people.Index())
        {
            var engine = EngineId.New().Value;
            var template = index % 3 == 0 ? "concept-art" : index % 3 == 1 ? "storyboards" : "upscaler";
            var cloud = index % 4 == 3;
            disks.Add(new { engine, owner = person.Id, group = person.Group, template, bytes = (20L + index % 5 * 30) << 30, start = Milliseconds(from) });
            for (var day = from; day < until; day = day.AddDays(1))
            {
                var works = day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) || random.Next(8) == 0;
                for (var i = 0; works && i < fragments; i++)
                {
                    var start = day.AddHours(9 + (i * 10.0 / fragments)).AddMinutes(random.Next(35));
                    var end = start.AddMinutes(20 + random.Next((int)(480.0 / fragments)));
                    if (end > until)
                        break;
                    var uid = $"{seed}-{index}-{Milliseconds(start)}";
                    runs.Add(new
                    {
                        Uid = uid,
                        Engine = engine,
                        Owner = person.Id,
                        person.Group,
                        Template = template,
                        Pool = cloud ? "cloud" : "studio",
                        Milli = index % 5 == 4 ? 500 : 1000,
                        Start = Milliseconds(start),
                        End = Milliseconds(end),
                    });
                    if (random.Next(3) == 0)
                        parts.Add(new { uid, kind = "Idle", start = Milliseconds(end.AddMinutes(-12)), end = Milliseconds(end) });
                    if (random.Next(40) == 0)
                        parts.Add(new { uid, kind = "Shared", start = Milliseconds(start.AddMinutes(2)), end = Milliseconds(start.AddMinutes(8)) });
                    work.Add(new { uid, at = Milliseconds(start.AddMinutes(10)), amount = 4 + random.Next(30) });
                    var asked = start.AddSeconds(-8 - random.Next(20) - (random.Next(10) == 0 ? random.Next(300) : 0));
                    events.Add(new { engine, at = Milliseconds(asked), state = "Queued", code = Reasons.Visit });
                    events.Add(new { engine, at = Milliseconds(start), state = "Starting", code = Reasons.Visit });
                    events.Add(new { engine, at = Milliseconds(start.AddSeconds(6 + random.Next(25))), state = "Ready", code = Reasons.Visit });
                    events.Add(new { engine, at = Milliseconds(end), state = "Asleep", code = Reasons.SleepAsked });
                }
            }
        }

        await connection.ExecuteAsync(Insert, runs, transaction);
        await connection.ExecuteAsync("INSERT INTO usage_parts (runtime_uid, kind, started_at, ended_at) VALUES (@uid, @kind, @start, @end)", parts, transaction);
        await connection.ExecuteAsync("INSERT INTO work_counts (runtime_uid, at, amount) VALUES (@uid, @at, @amount)", work, transaction);
        await connection.ExecuteAsync("INSERT INTO engine_events (engine_id, at, state, reason_code) VALUES (@engine, @at, @state, @code)", events, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO disk_intervals (engine_id, owner_id, group_id, template, template_version, bytes, started_at)
            VALUES (@engine, @owner, @group, @template, '1', @bytes, @start)
            """,
            disks, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO pools (name, position, body) VALUES
                ('studio', 1, '{"title":"Studio","resource":"nvidia.com/gpu","capacity":8,"unitsPerGpu":1}'),
                ('cloud', 2, '{"title":"Cloud","resource":"nvidia.com/gpu","capacity":4,"unitsPerGpu":1}')
            ON CONFLICT DO NOTHING;
            INSERT INTO prices (item, valid_from, micros) VALUES ('gpu:studio', 0, 900000), ('gpu:cloud', 0, 2400000), ('gpu:cloud', @middle, 2600000), ('disk', 0, 80000)
            ON CONFLICT DO NOTHING;
            """,
            new { middle = Milliseconds(from + ((until - from) / 2)) }, transaction);
        await transaction.CommitAsync();
        return runs.Count;
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
