using System.Globalization;
using Aigc.Engines.Auditing;
using Aigc.Engines.Metering;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>What pools really cost. A bill is entered once and withdrawn once; both are in the audit log with it.</summary>
public sealed class BillStore(Database database, TimeProvider time)
{
    /// <summary>All of them or none.</summary>
    public async Task AddAsync(IReadOnlyList<Bill> bills, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var bill in bills)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO bills (id, pool, from_day, to_day, micros, milli_gpus, note, entered_at, entered_by)
                VALUES (@Id, @pool, @from, @to, @Micros, @MilliGpus, @note, @at, @by)
                """,
                new
                {
                    bill.Id,
                    pool = bill.Pool.Storable(),
                    from = Text(bill.From),
                    to = Text(bill.To),
                    bill.Micros,
                    bill.MilliGpus,
                    note = bill.Note.Storable(),
                    at = bill.EnteredAt.ToUnixTimeMilliseconds(),
                    by = bill.EnteredBy.Storable(),
                },
                transaction);
            await AuditLog.AppendAsync(connection, transaction, bill.EnteredAt.ToUnixTimeMilliseconds(), Entry(AuditActions.BillEnter, bill, actor));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>False when there is no such bill, or it is withdrawn already.</returns>
    public async Task<bool> WithdrawAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var row = await connection.QuerySingleOrDefaultAsync<BillRow>(
            "UPDATE bills SET withdrawn_at = @now WHERE id = @id AND withdrawn_at IS NULL RETURNING *", new { id = id.Storable(), now }, transaction);
        if (row is null)
            return false;
        await AuditLog.AppendAsync(connection, transaction, now, Entry(AuditActions.BillWithdraw, row.ToBill(), actor));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Those that count, in these days or ever.</summary>
    /// <param name="to">Exclusive.</param>
    public async Task<IReadOnlyList<Bill>> ListAsync(CancellationToken cancellationToken, DateOnly? from = null, DateOnly? to = null)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<BillRow>(
            "SELECT * FROM bills WHERE withdrawn_at IS NULL AND from_day < @to AND to_day > @from ORDER BY from_day, pool, entered_at, id",
            new { from = Text(from ?? DateOnly.MinValue), to = Text(to ?? DateOnly.MaxValue) });
        return [.. rows.Select(row => row.ToBill())];
    }

    private static AuditEntry Entry(string action, Bill bill, Actor actor) => new(
        action, AuditOutcome.Done, actor, new("bill", bill.Id, bill.Pool),
        string.Create(CultureInfo.InvariantCulture, $"{bill.From:yyyy-MM-dd} to {bill.To:yyyy-MM-dd}: {bill.Micros / 1_000_000m:0.00####}"));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed class BillRow
    {
        public string Id { get; set; } = "";
        public string Pool { get; set; } = "";
        public string From_Day { get; set; } = "";
        public string To_Day { get; set; } = "";
        public long Micros { get; set; }
        public long? Milli_Gpus { get; set; }
        public string? Note { get; set; }
        public long Entered_At { get; set; }
        public string Entered_By { get; set; } = "";
        public long? Withdrawn_At { get; set; }

        public Bill ToBill() => new(
            Id, Pool, Day(From_Day), Day(To_Day), Micros, Milli_Gpus, Note, Entered_At.ToTime(), Entered_By, Withdrawn_At.ToTime());

        private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
