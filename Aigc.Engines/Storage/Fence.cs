using System.Data.Common;
using Aigc.Engines.Leading;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Lets a transaction of the leading worker pass, and no other's.</summary>
internal static class Fence
{
    /// <summary>Holds the term until the transaction ends, so that no other worker's can begin in between.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public static async Task RequireAsync(Database database, DbConnection connection, DbTransaction transaction, Term term)
    {
        // A statement of its own: the next one sees what was committed before the lock was given.
        await connection.ExecuteAsync(database.KeepTerm, transaction: transaction);
        var newest = await connection.ExecuteScalarAsync<long?>(
            "SELECT term FROM leaderships WHERE role = @role", new { role = LeaderLease.Worker }, transaction);
        if (newest != term.Number)
            throw new NotLeadingException(term);
    }
}
