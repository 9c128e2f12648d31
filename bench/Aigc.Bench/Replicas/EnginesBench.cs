using System.Data.Common;
using System.Globalization;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Dapper;

namespace Aigc.Bench.Replicas;

/// <summary>Ten thousand engines in the database: how soon a person, and an administrator, sees theirs.</summary>
internal static class EnginesBench
{
    private const int Engines = 10_000;
    private const int Own = 20;
    private const int Rounds = 60;

    public static async Task RunAsync(Product product, Person admin, Person person, Verdicts verdicts)
    {
        for (var taken = 1; taken < Own; taken++)
            await person.TakeAsync("echo");
        var database = Database.FromConnectionString(product.ConnectionString("database"), TimeProvider.System);
        await using (var connection = await database.OpenAsync(CancellationToken.None))
            await FillAsync(connection);

        verdicts.AtMost($"GET engines of a person with {Own}, p95, ms", await P95Async(person, "api/v1/engines"), 50);
        verdicts.AtMost($"GET engines, an administrator's page of 100 of {Engines}, p95, ms", await P95Async(admin, "api/v1/engines?all=true&limit=100"), 50);
        Verdicts.Note($"GET engines, all {Engines} at once, p95, ms", await P95Async(admin, "api/v1/engines?all=true"));
    }

    /// <summary>Engines of a hundred other people, all asleep.</summary>
    public static async Task FillAsync(DbConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var some in Enumerable.Range(0, Engines).Chunk(500))
        {
            var rows = some.Select(number => string.Create(CultureInfo.InvariantCulture,
                $"('{EngineId.New()}', 'person{number % 100}', 'group{number % 7}', 'echo', '1', 'filler-{number}', 'Asleep', 'created', 1, {number}, 'Asleep', 'created', {number}, 1)"));
            await connection.ExecuteAsync(
                $"""
                INSERT INTO engines (id, owner_id, group_id, template, template_version, host, desired, desired_code, generation,
                                     created_at, state, reason_code, state_since, observed_generation)
                VALUES {string.Join(',', rows)}
                """,
                transaction: transaction);
        }

        await transaction.CommitAsync();
    }

    private static async Task<double> P95Async(Person person, string path)
    {
        await AskAsync();
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            await AskAsync();
            times.Add(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
        }

        return times.Order().ElementAt(Rounds * 95 / 100);

        async Task AskAsync()
        {
            using var answer = await person.Http.GetAsync(path);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
        }
    }
}
