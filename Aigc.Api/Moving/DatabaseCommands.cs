using System.CommandLine;
using Aigc.Engines.Leading;
using Aigc.Engines.Storage;
using Aigc.Engines.Storage.Moving;

namespace Aigc.Api.Moving;

/// <summary><c>Aigc.Api database …</c>: what operators do with a database, instead of serving.</summary>
public static class DatabaseCommands
{
    private const string Forms =
        "'Data Source=FILE' (SQLite) or 'Host=SERVER;Database=NAME;Username=USER' (Postgres; the password may be in the environment as PGPASSWORD)";

    public static bool Asked(string[] args) => args is ["database", ..];

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("The gateway's API. Without a command it serves.") { Database() };
        return root.Parse(args).InvokeAsync();
    }

    private static Command Database() => new("database", "Moves and keeps the gateway's database. docs/operations.md goes through it step by step.")
    {
        Copy(),
        Backup(),
    };

    private static Command Copy()
    {
        var from = new Option<string>("--from") { Required = true, Description = $"The database to read: {Forms}." };
        var to = new Option<string>("--to") { Required = true, Description = "The database to fill, in the same form. Its tables are made. A product may have started on it, but nobody may have used it." };
        var command = new Command(
            "copy",
            "Copies everything from one database into one that nobody has used yet, of whichever kinds they are, all or nothing. Stop the source's product first: what it writes meanwhile is not copied.")
        {
            from, to,
        };
        command.SetAction((parsed, cancellationToken) => SayingAsync(async () =>
        {
            await using var source = Open("--from", parsed.GetRequiredValue(from), mustExist: true);
            await using var target = Open("--to", parsed.GetRequiredValue(to), mustExist: false);
            long all = 0;
            var replaced = await new DatabaseCopy(source, target).RunAsync(
                (table, rows) =>
                {
                    all += rows;
                    Console.WriteLine($"{table,-24} {rows,10} rows, counted on both sides");
                },
                cancellationToken);
            Console.WriteLine($"Copied {all} rows. Set ConnectionStrings:database of every service to the target, and start the product.");
            if (replaced.Count > 0)
            {
                Console.WriteLine($"A product had started on the target: what it had written by itself was replaced ({string.Join(", ", replaced)}). "
                    + "If it runs, end it and start it again now: it still has the keys and templates from before.");
            }

            if (await new LeaderLease(source, "").ReadAsync(cancellationToken) is { } lead)
                Console.WriteLine($"Note: the worker {lead.Holder} did not sign off from the source. If the product still runs there, stop it, and copy again into a new database.");
        }));
        return command;
    }

    private static Command Backup()
    {
        var from = new Option<string>("--from")
        {
            Description = "The database: 'Data Source=FILE'. Without it, the environment's ConnectionStrings__database.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ConnectionStrings__database") ?? "",
        };
        var to = new Option<string>("--to") { Required = true, Description = "The file to write; it must not exist." };
        var command = new Command("backup", "Writes a checked copy of an SQLite database as it is at one moment. The product may go on running.") { from, to };
        command.SetAction((parsed, cancellationToken) => SayingAsync(async () =>
        {
            var source = parsed.GetRequiredValue(from);
            if (source.Length == 0)
                throw new MovingException("--from is missing, and the environment has no ConnectionStrings__database. Add --from 'Data Source=/path/database.db'.");
            if (!SqliteFile.IsConnectionString(source))
            {
                throw new MovingException(
                    "--from is not an SQLite database ('Data Source=FILE'). Postgres has its own backup: pg_dump --format=custom --file=FILE NAME; see docs/operations.md.");
            }

            await SqliteBackup.RunAsync(source, parsed.GetRequiredValue(to), cancellationToken);
            Console.WriteLine($"Wrote {Path.GetFullPath(parsed.GetRequiredValue(to))}. It holds sign-ins and keys: keep it where nobody else reads.");
        }));
        return command;
    }

    private static Database Open(string option, string connectionString, bool mustExist)
    {
        // Opening would make a new, empty file.
        if (mustExist && SqliteFile.IsConnectionString(connectionString) && new SqliteFile(connectionString).Path is var path && !File.Exists(path))
            throw new MovingException($"There is no file {path}. Correct {option}.");
        try
        {
            return Aigc.Engines.Storage.Database.FromConnectionString(connectionString, TimeProvider.System);
        }
        catch (ArgumentException error)
        {
            throw new MovingException(error.Message.Replace("ConnectionStrings:database", option, StringComparison.Ordinal));
        }
    }

    private static async Task<int> SayingAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (Exception error) when (error is MovingException or DatabaseAwayException or InvalidOperationException or IOException
            or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            await Console.Error.WriteLineAsync($"{error.Message}");
            return 1;
        }
    }
}
