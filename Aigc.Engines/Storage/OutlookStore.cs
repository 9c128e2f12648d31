using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Tells why engines are awake; for the leading worker's sleep sweep alone.</summary>
public sealed class OutlookStore(Database database)
{
    /// <summary>Those that are ready are told, all in one transaction. The row's version stays: nothing else has changed.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task WriteAsync(IReadOnlyCollection<KeyValuePair<EngineId, Outlook>> outlooks, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        // In one order: writers of several rows never wait for each other in a circle.
        foreach (var (engine, outlook) in outlooks.OrderBy(one => one.Key.Value, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync(
                "UPDATE engines SET outlook = @outlook WHERE id = @id AND state = 'Ready'",
                new { id = engine.Value, outlook = OutlookColumn.Write(outlook).Storable() }, transaction);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
