using Aigc.Api.Auditing;
using Aigc.Engines.Auditing;
using Aigc.Engines.Storage;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Tests;

/// <summary>The log does not grow for ever, and what is young stays.</summary>
public sealed class AuditUpkeepTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-audit-");

    [Fact]
    public async Task What_is_older_than_the_retention_is_removed_and_that_is_noted()
    {
        var time = TimeProvider.System;
        using var database = Database.FromConnectionString($"Data Source={Path.Combine(_folder.FullName, "database.db")}", time);
        await database.MigrateAsync(default);
        await using (var connection = await database.OpenAsync(default))
        {
            foreach (var (days, count) in new[] { (31, 2_500), (29, 3) })
            {
                await connection.ExecuteAsync(
                    "INSERT INTO audit (at, action, outcome, actor_name) VALUES (@at, 'sign-in', 'Done', 'alice')",
                    Enumerable.Repeat(new { at = time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds() }, count));
            }
        }

        var log = new AuditLog(database, time);
        var options = Options.Create(new AuditOptions { Retention = TimeSpan.FromDays(30) });
        using var upkeep = new AuditUpkeep(log, options, time, NullLogger<AuditUpkeep>.Instance);
        await upkeep.StartAsync(default);
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        IReadOnlyList<AuditRecord> left;
        while ((left = await log.ReadAsync(new(AuditSight.Everything, 10_000), budget.Token))[0].Action != AuditActions.AuditPrune)
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, budget.Token);
        await upkeep.StopAsync(default);

        left.Count.ShouldBe(4);
        left[0].Detail.ShouldBe("2500 entries");
    }

    [Fact]
    public void A_retention_of_less_than_a_day_is_refused_by_its_name() =>
        new ValidateAuditOptions().Validate(null, new() { Retention = TimeSpan.FromHours(1) }).FailureMessage!.ShouldContain("Audit:Retention");

    public void Dispose() => _folder.Delete(recursive: true);
}
