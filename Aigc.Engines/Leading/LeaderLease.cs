using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Leading;

/// <summary>
/// The row that says which worker leads. No clocks are compared: the leader counts a beat, the others measure with their
/// own clocks how long the beat has not changed.
/// </summary>
/// <param name="holder">Who this is, for people who look at the table.</param>
public sealed class LeaderLease(Database database, string holder)
{
    internal const string Worker = "worker";

    /// <summary>The lease as another holds it, for <see cref="TakeAsync"/> to compare; null when nobody holds it.</summary>
    public sealed record Held(string Holder, long Term, long Beat);

    public async Task<Held?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Held>(
            "SELECT holder, term, beat FROM leaderships WHERE role = @Worker AND holder IS NOT NULL", new { Worker });
    }

    /// <summary>Takes the lease if it is still as it was seen: free (null), or with this very beat.</summary>
    /// <param name="atLeast">The new term is greater than this, too.</param>
    public async Task<Term?> TakeAsync(Held? seen, CancellationToken cancellationToken, long atLeast = 0)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(database.BeginTerm, transaction: transaction);
        var term = await connection.ExecuteScalarAsync<long?>(
            """
            INSERT INTO leaderships (role, holder, term, beat) VALUES (@Worker, @holder, @atLeast + 1, 0)
            ON CONFLICT (role) DO UPDATE SET holder = excluded.holder, beat = 0,
                term = CASE WHEN leaderships.term > @atLeast THEN leaderships.term ELSE @atLeast END + 1
            WHERE leaderships.holder IS NULL OR (leaderships.term = @term AND leaderships.beat = @beat)
            RETURNING term
            """,
            new { Worker, holder, atLeast, term = seen?.Term ?? -1, beat = seen?.Beat ?? -1 },
            transaction);
        await transaction.CommitAsync(cancellationToken);
        return term is { } number ? new Term(number) : null;
    }

    /// <returns>False when another has taken the lease.</returns>
    public Task<bool> BeatAsync(Term term, CancellationToken cancellationToken) => UpdateAsync("beat = beat + 1", term, cancellationToken);

    /// <summary>Gives the lease back, so that another need not wait for the beat to stay away.</summary>
    public Task<bool> ReleaseAsync(Term term, CancellationToken cancellationToken) => UpdateAsync("holder = NULL", term, cancellationToken);

    private async Task<bool> UpdateAsync(string set, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            $"UPDATE leaderships SET {set} WHERE role = @Worker AND term = @term AND holder = @holder",
            new { Worker, term = term.Number, holder }) == 1;
    }
}
