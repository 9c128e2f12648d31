using System.Globalization;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Bench.Working;

/// <summary>Fills a database with engines that sleep.</summary>
internal static class Seeding
{
    public static async Task<IReadOnlyList<EngineId>> EnginesAsync(Database database, Template template, int count)
    {
        await database.MigrateAsync(CancellationToken.None);
        await new TemplateStore(database, TimeProvider.System).SaveAsync(template, "", Actor.Gateway, CancellationToken.None);
        var ids = Enumerable.Range(0, count).Select(_ => EngineId.New()).ToList();
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var id in ids)
        {
            await using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"""
                INSERT INTO engines (id, owner_id, group_id, template, template_version, host, desired, desired_code, generation, created_at,
                    state, reason_code, state_since, observed_generation)
                VALUES ('{id}', 'alice', 'studio', '{template.Name}', '{template.Version}', '{HostOf(id)}', 'Asleep', 'created', 1, {now}, 'Asleep', 'created', {now}, 1)
                """);
            await insert.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return ids;
    }

    public static string HostOf(EngineId engine) => $"bench-{engine}";
}
