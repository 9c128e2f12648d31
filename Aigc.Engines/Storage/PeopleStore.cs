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
        var row = await connection.QuerySingleOrDefaultAsync<PersonRow>(
            "SELECT id, user_name, name, email, group_id, role FROM users WHERE id = @id", new { id = id.Value });
        return row is null ? null : new(new(row.Id), row.User_Name, row.Name, row.Email, new(row.Group_Id), Enum.Parse<Role>(row.Role));
    }

    private sealed class PersonRow
    {
        public string Id { get; set; } = "";
        public string User_Name { get; set; } = "";
        public string Name { get; set; } = "";
        public string? Email { get; set; }
        public string Group_Id { get; set; } = "";
        public string Role { get; set; } = "";
    }
}
