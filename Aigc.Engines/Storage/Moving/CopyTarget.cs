using System.Data.Common;
using Aigc.Engines.Auditing;
using Dapper;

namespace Aigc.Engines.Storage.Moving;

/// <summary>
/// The database that a copy fills. A product may have started on it, as long as nobody has taken or made anything there:
/// what a product writes by itself, and who only looked, is replaced.
/// </summary>
internal sealed class CopyTarget(Database target, DbConnection to, DbTransaction writing)
{
    private static readonly HashSet<string> OfItself =
    [
        "audit", "audit_horizon", "data_protection_keys", "groups", "leaderships", "provider_access", "sign_ins", "signing_keys", "template_versions",
        "templates", "used_logout_tokens", "users",
    ];

    // As the product locks or writes them, so that one that runs can't wait for the copy while the copy waits for it.
    private static readonly string[] LockedFirst = ["templates", "template_versions", "engines"];

    private sealed record Offer(string Name, string Source);

    private sealed record Lead(string Role, long Term);

    private List<Lead> _leads = [];

    /// <returns>The tables in which something was replaced.</returns>
    /// <exception cref="MovingException">There is something that would be lost; nothing was changed.</exception>
    public async Task<IReadOnlyList<string>> ClearAsync(DbConnection from, DbTransaction reading, IReadOnlyList<string> tables)
    {
        var there = await DatabaseTables.ListAsync(to, writing, target is PostgresDatabase);
        if (tables.Except(there).ToList() is { Count: > 0 } missing)
            throw new MovingException($"The target has no table {string.Join(", ", missing)}: the two have different schemas.");
        // What a worker's term still writes is written before; it begins no other one meanwhile.
        await to.ExecuteAsync(target.BeginTerm, transaction: writing);
        var order = there.OrderBy(table => LockedFirst.Contains(table) ? Array.IndexOf(LockedFirst, table) : LockedFirst.Length);
        await to.ExecuteAsync(target.Lock(string.Join(", ", order)), transaction: writing);

        var filled = new List<string>();
        var used = new List<string>();
        foreach (var table in there)
        {
            if (await DatabaseTables.CountAsync(to, writing, table) is not (> 0 and var rows))
                continue;
            filled.Add(table);
            if (!OfItself.Contains(table))
                used.Add($"{table} ({rows})");
        }

        if (used.Count > 0)
        {
            throw new MovingException(
                $"The target is in use: {string.Join(", ", used)}. Nothing was copied. Name a new database, or drop that one and create it again. "
                + "A product may have started on the target, but nobody may have taken or made anything there.");
        }

        await RequireNoOfferOfItsOwnAsync(from, reading);
        _leads = [.. await to.QueryAsync<Lead>("SELECT role, term FROM leaderships", transaction: writing)];
        foreach (var table in filled)
            await (table == "audit"
                ? AuditLog.ClearAsync(to, writing)
                : to.ExecuteAsync($"DELETE FROM {table}", transaction: writing, commandTimeout: 0));
        return filled;
    }

    /// <summary>
    /// After the copy: a worker that led here does not any more, and hears it from its next write. Terms go on past those that
    /// the target and its tracker have seen.
    /// </summary>
    public async Task EndLeadsAsync()
    {
        foreach (var lead in _leads)
        {
            await to.ExecuteAsync(
                """
                INSERT INTO leaderships (role, holder, term, beat) VALUES (@Role, NULL, @Term + 1, 0)
                ON CONFLICT (role) DO UPDATE SET holder = NULL, beat = 0,
                    term = CASE WHEN leaderships.term > @Term THEN leaderships.term ELSE @Term END + 1
                """,
                lead, writing);
        }
    }

    // A product offers the files of its folder by itself; what the source does not offer too, an administrator wrote here.
    private async Task RequireNoOfferOfItsOwnAsync(DbConnection from, DbTransaction reading)
    {
        const string Offers = "SELECT name, source FROM templates";
        var known = (await from.QueryAsync<Offer>(Offers, transaction: reading)).Select(offer => offer with { Source = offer.Source.Storable()! }).ToHashSet();
        var own = (await to.QueryAsync<Offer>(Offers, transaction: writing)).Where(offer => !known.Contains(offer)).Select(offer => offer.Name).Order(StringComparer.Ordinal).ToList();
        if (own.Count > 0)
        {
            throw new MovingException(
                $"The target offers templates that the source does not have, or not with this text: {string.Join(", ", own)}. Nothing was copied. "
                + "If somebody wrote them there, keep their YAML and take them off offer there; if they are files of the templates folder, "
                + "start the product once on the source, so that it has them too.");
        }
    }
}
