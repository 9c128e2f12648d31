using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Npgsql;

namespace Aigc.Engines.Tests.Storage;

/// <summary>Whoever installs the gateway reads these sentences, and has nothing else to go by.</summary>
public sealed class PostgresMessagesTests
{
    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Theory]
    [InlineData("mysql:host=db", "'Data Source=FILE' (SQLite")]
    [InlineData("postgres://aigc:hunter2@db/aigc", "'://' is not understood")]
    [InlineData("Host=db;Database=aigc;Pasword=hunter2", "'pasword' is not a word")]
    [InlineData("Host=db;Database=aigc;Port=hunter2", "the value of 'port'")]
    [InlineData("Host=db;Database=aigc;Port=70000;Password=hunter2", "Port=70000 is not a port")]
    [InlineData("Host=db;Database=aigc;SSL Mode=Maybe;Password=hunter2", "the value of 'ssl mode'")]
    [InlineData("Host=db;Password=hunter2", "names no database")]
    [InlineData("Host=;Database=aigc;Password=hunter2", "Host is empty")]
    [InlineData("Host=db;Database=aigc;Password='hunter2", "needs quotes")]
    public void A_wrong_connection_string_is_refused_with_the_part_that_is_wrong(string text, string says)
    {
        var error = Should.Throw<ArgumentException>(() => Database.FromConnectionString(text, TimeProvider.System));
        error.ToString().ShouldContain(says);
        error.ToString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("Host=no-such-host.invalid", "Host=no-such-host.invalid is not known")]
    [InlineData("Port=1", "nothing listens at Host=127.0.0.1;Port=1")]
    [InlineData("Password=wrong-hunter2", "the password for Username=aigc was refused")]
    [InlineData("Username=nobody", "the password for Username=nobody was refused")]
    [InlineData("Database=absent", "there is no Database=absent")]
    [InlineData("SSL Mode=Require", "does not offer TLS")]
    public async Task A_server_that_lets_nobody_in_is_named_with_the_remedy(string change, string says)
    {
        var server = await PostgresServer.SharedAsync();
        var text = new NpgsqlConnectionStringBuilder($"{server.ConnectionString("postgres")};{change}").ConnectionString;
        await using var database = Database.FromConnectionString(text, TimeProvider.System);
        foreach (var use in new Func<Task>[] { () => database.OpenAsync(InTime), () => database.MigrateAsync(InTime) })
        {
            var error = await Should.ThrowAsync<DatabaseAwayException>(use);
            error.Message.ShouldStartWith("ConnectionStrings:database: ");
            error.Message.ShouldContain(says);
            error.ToString().ShouldNotContain("hunter2");
            error.ToString().ShouldNotContain(PostgresServer.Password);
        }
    }

    [Fact]
    public async Task A_missing_password_is_asked_for()
    {
        var server = await PostgresServer.SharedAsync();
        await using var database = Database.FromConnectionString(
            $"Host=127.0.0.1;Port={server.Port};Database=postgres;Username=aigc", TimeProvider.System);
        (await Should.ThrowAsync<DatabaseAwayException>(() => database.OpenAsync(InTime))).Message.ShouldContain("Add Password=");
    }

    [Fact]
    public async Task A_user_that_may_not_make_tables_is_told_so()
    {
        var server = await PostgresServer.SharedAsync();
        var own = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync());
        await server.ExecuteAsync(own.Database!, "CREATE ROLE guest LOGIN PASSWORD 'guest'");
        (own.Username, own.Password) = ("guest", "guest");
        await using var database = Database.FromConnectionString(own.ConnectionString, TimeProvider.System);
        (await Should.ThrowAsync<DatabaseAwayException>(() => database.MigrateAsync(InTime))).Message.ShouldContain("OWNER TO \"guest\"");
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_says_so()
    {
        var server = await PostgresServer.SharedAsync();
        var text = await server.CreateDatabaseAsync();
        await server.ExecuteAsync("postgres", $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(text).Database} SET default_transaction_read_only = on");
        await using var database = Database.FromConnectionString(text, TimeProvider.System);
        (await Should.ThrowAsync<DatabaseAwayException>(() => database.MigrateAsync(InTime))).Message.ShouldContain("takes no writes");
        var error = await Should.ThrowAsync<PostgresException>(async () =>
        {
            await using var connection = await database.OpenAsync(InTime);
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t (i int)";
            await command.ExecuteNonQueryAsync(InTime);
        });
        database.Explain(error)!.Message.ShouldContain("name the primary");
    }

    [Fact]
    public async Task A_statement_that_is_too_slow_ends_and_says_so()
    {
        var server = await PostgresServer.SharedAsync();
        await using var database = Database.FromConnectionString(
            $"{await server.CreateDatabaseAsync()};Options=-c statement_timeout=200ms", TimeProvider.System);
        var error = await Should.ThrowAsync<PostgresException>(async () =>
        {
            await using var connection = await database.OpenAsync(InTime);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_sleep(20)";
            await command.ExecuteNonQueryAsync(InTime);
        });
        database.Explain(error)!.Message.ShouldContain("too slow");
    }

    [Fact]
    public async Task A_mistake_in_a_statement_is_not_blamed_on_the_server()
    {
        var server = await PostgresServer.SharedAsync();
        await using var database = Database.FromConnectionString(await server.CreateDatabaseAsync(), TimeProvider.System);
        var error = await Should.ThrowAsync<PostgresException>(() =>
            new PeopleStore(database, TimeProvider.System).SaveAsync(new Engines.People.Person(new("a"), "a", "a", null, new("g"), default), InTime));
        database.Explain(error).ShouldBeNull("there are no tables");
    }
}
