using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>People and groups as the identity provider last described them.</summary>
public sealed class PeopleStore(Database database, TimeProvider time)
{
    public async Task SaveAsync(Person person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await connection.ExecuteAsync(
            "INSERT INTO groups (id, created_at) VALUES (@id, @now) ON CONFLICT (id) DO NOTHING",
            new { id = person.Group.Value, now }, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO users (id, user_name, name, email, group_id, role, created_at, last_seen_at)
            VALUES (@id, @UserName, @Name, @Email, @group, @role, @now, @now)
            ON CONFLICT (id) DO UPDATE SET user_name = excluded.user_name, name = excluded.name, email = excluded.email,
                group_id = excluded.group_id, role = excluded.role, last_seen_at = excluded.last_seen_at
            """,
            new
            {
                id = person.Id.Value,
                UserName = person.UserName.Storable(),
                Name = person.Name.Storable(),
                Email = person.Email.Storable(),
                group = person.Group.Value,
                role = person.Role.ToString(),
                now,
            },
            transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<Person?> FindAsync(UserId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<PersonRow>($"{Select} WHERE id = @id", new { id = id.Value }))?.ToPerson();
    }

    /// <summary>Everybody of that name: providers may give it to several people.</summary>
    public async Task<IReadOnlyList<Person>> FindByUserNameAsync(string userName, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PersonRow>($"{Select} WHERE user_name = @userName", new { userName = userName.Storable() });
        return [.. rows.Select(row => row.ToPerson())];
    }

    /// <summary>A page, in the order of their ids.</summary>
    /// <param name="search">A part of the user name, the name the address or the group, in any case.</param>
    public async Task<IReadOnlyList<Person>> ListAsync(string? search, UserId? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PersonRow>(
            $$"""
            {{Select}} WHERE id > @after AND (@like = '' OR LOWER(user_name) LIKE @like ESCAPE '!' OR LOWER(name) LIKE @like ESCAPE '!'
                OR LOWER(COALESCE(email, '')) LIKE @like ESCAPE '!' OR LOWER(group_id) LIKE @like ESCAPE '!')
            ORDER BY id LIMIT @limit
            """,
            new { after = after?.Value ?? "", limit, like = Like(search) });
        return [.. rows.Select(row => row.ToPerson())];
    }

    private static string Like(string? search) => string.IsNullOrWhiteSpace(search) ? "" : "%" + search.Trim().ToLowerInvariant()
        .Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal).Storable() + "%";

    private const string Select = "SELECT id, user_name, name, email, group_id, role FROM users";

    private sealed class PersonRow
    {
        public string Id { get; set; } = "";
        public string User_Name { get; set; } = "";
        public string Name { get; set; } = "";
        public string? Email { get; set; }
        public string Group_Id { get; set; } = "";
        public string Role { get; set; } = "";

        public Person ToPerson() => new(new(Id), User_Name, Name, Email, new(Group_Id), Enum.Parse<Role>(Role));
    }
}
