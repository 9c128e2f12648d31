using System.Text.RegularExpressions;
using Npgsql;

namespace Aigc.Engines.Storage;

/// <summary>Reads a connection string of Postgres, says what is wrong in it, and fills in what it leaves open.</summary>
internal static partial class PostgresConnectionString
{
    // The defaults of a server allow 100 connections: two APIs and two workers with 20 each leave room for their
    // change feeds, migrations, backups and an administrator.
    private const int PoolSize = 20;

    // Of the server, for each connection. Statements end on the server a second before the client stops waiting.
    // The last one is about leaders: a worker that is paused in the middle of a transaction keeps its term (see Fence), and
    // no other could begin one. The server ends such a transaction, and its locks with it.
    private const string SessionSettings =
        "-c statement_timeout=9s -c lock_timeout=5s -c idle_in_transaction_session_timeout=3s";

    public static bool Is(string text) => HostKey().IsMatch(text);

    /// <exception cref="ArgumentException">Names the part that is wrong. Never shows the password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        NpgsqlConnectionStringBuilder parsed;
        try
        {
            parsed = new(text);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException(Sentence(error));
        }

        if (parsed.Port is < 1 or > 65535)
            throw new ArgumentException($"ConnectionStrings:database: Port={parsed.Port} is not a port. Give a number from 1 to 65535, usually 5432.");
        if (string.IsNullOrWhiteSpace(parsed.Host))
            throw new ArgumentException("ConnectionStrings:database: Host is empty. Name the server, such as Host=db.example.com.");
        if (string.IsNullOrWhiteSpace(parsed.Database))
            throw new ArgumentException("ConnectionStrings:database names no database. Add Database=NAME, such as Database=aigc.");
        return WithDefaults(parsed);
    }

    private static NpgsqlConnectionStringBuilder WithDefaults(NpgsqlConnectionStringBuilder given)
    {
        var filled = new NpgsqlConnectionStringBuilder(given.ConnectionString);
        Default("Timeout", 5);
        Default("Command Timeout", 10);
        Default("Maximum Pool Size", Math.Max(PoolSize, given.MinPoolSize));
        Default("Application Name", $"{AppDomain.CurrentDomain.FriendlyName}@{Environment.MachineName}");
        // A machine that vanished without a word is noticed after 5 + 9 × 1 s, Linux asking nine times.
        Default("Tcp Keepalive", true);
        Default("Tcp Keepalive Time", 5);
        Default("Tcp Keepalive Interval", 1);
        // What the connection string sets comes later, and wins.
        filled.Options = given.Options is { Length: > 0 } own ? $"{SessionSettings} {own}" : SessionSettings;
        return filled;

        void Default(string key, object value)
        {
            if (!given.ShouldSerialize(key))
                filled[key] = value;
        }
    }

    private static string Sentence(ArgumentException error)
    {
        // Npgsql gives the key as the parameter's name, and what was wrong with the value as the inner exception.
        if (error.ParamName is not { Length: > 0 } key)
            return "ConnectionStrings:database is not a list of KEY=value separated by ';'. A value that holds ';', '=' or quotes needs quotes around it: Password='a;b'.";
        return error.InnerException is KeyNotFoundException
            ? $"ConnectionStrings:database: '{key}' is not a word that Postgres's connection strings have. Known are Host, Port, Database, Username, Password, SSL Mode and those of https://www.npgsql.org/doc/connection-string-parameters.html."
            : $"ConnectionStrings:database: the value of '{key}' is not one that it can have. See https://www.npgsql.org/doc/connection-string-parameters.html.";
    }

    [GeneratedRegex(@"(^|;)\s*(Host|Server)\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex HostKey();
}
