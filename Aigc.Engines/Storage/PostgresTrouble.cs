using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Aigc.Engines.Storage;

/// <summary>Says in a sentence why Postgres could not be used: which part of the connection string, and what to do.</summary>
internal static class PostgresTrouble
{
    /// <summary>Null for an error that is not about the server or the way to it.</summary>
    public static DatabaseAwayException? Explain(Exception error, NpgsqlConnectionStringBuilder settings) =>
        Sentence(error, settings) is { } sentence ? new($"ConnectionStrings:database: {sentence}", error) : null;

    private static string? Sentence(Exception error, NpgsqlConnectionStringBuilder settings)
    {
        var server = $"Host={settings.Host};Port={settings.Port}";
        return error switch
        {
            PostgresException refused => Refused(refused, settings, server),
            NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
                $"the name in Host={settings.Host} is not known. Correct it, or see that DNS answers here.",
            NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
                $"nothing listens at {server}. Start Postgres there (its listen_addresses must include this address), or correct Host and Port.",
            NpgsqlException { InnerException: SocketException socket } =>
                $"{server} can't be reached ({socket.Message}). See that the server runs and no firewall is between.",
            NpgsqlException { InnerException: AuthenticationException tls } =>
                $"TLS with {server} failed ({tls.Message}). Correct SSL Mode or Root Certificate; SSL Mode=VerifyFull needs Host to be the name in the server's certificate.",
            NpgsqlException { InnerException: TimeoutException } or TimeoutException =>
                $"{server} did not answer within Timeout={settings.Timeout} s. The server is overloaded, paused, or out of reach behind a firewall.",
            NpgsqlException { InnerException: IOException } or NpgsqlException { InnerException: ObjectDisposedException } =>
                $"the connection to {server} broke. It is made anew with the next try; if it goes on, see the server's log.",
            NpgsqlException other when other.Message.Contains("SSL", StringComparison.OrdinalIgnoreCase) =>
                $"{server} and SSL Mode={settings.SslMode} do not fit: the server does not offer TLS. Turn its 'ssl' on, or give another SSL Mode.",
            NpgsqlException other when other.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
                $"the server asks for a password and Password is not given. Add Password=… for Username={settings.Username}.",
            NpgsqlException other => $"{server}: {other.Message}",
            _ => null,
        };
    }

    private static string? Refused(PostgresException error, NpgsqlConnectionStringBuilder settings, string server) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification when error.MessageText.Contains("pg_hba", StringComparison.Ordinal) =>
            $"the server refuses this address, Username={settings.Username}, Database={settings.Database} or SSL Mode={settings.SslMode} ({error.MessageText}). Add a line to its pg_hba.conf.",
        PostgresErrorCodes.InvalidPassword =>
            $"the password for Username={settings.Username} was refused. Correct Password, or set it on the server: ALTER ROLE \"{settings.Username}\" PASSWORD '…'.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"Username={settings.Username} was refused ({error.MessageText}). Make the role: CREATE ROLE \"{settings.Username}\" LOGIN PASSWORD '…'.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"there is no Database={settings.Database} at {server}. Make it: CREATE DATABASE \"{settings.Database}\" OWNER \"{settings.Username}\".",
        PostgresErrorCodes.TooManyConnections =>
            $"{server} has no connection left ({error.MessageText}). Lower Maximum Pool Size={settings.MaxPoolSize} in each service, or raise max_connections; docs/operations.md has the sum.",
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
            $"{server} is starting or stopping ({error.MessageText}). It is tried again by itself.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"Username={settings.Username} may not do this in Database={settings.Database} ({error.MessageText}). Give it the database: ALTER DATABASE \"{settings.Database}\" OWNER TO \"{settings.Username}\".",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"Database={settings.Database} at {server} takes no writes ({error.MessageText}). Host may be a standby: name the primary, or add Target Session Attributes=primary with all hosts. Otherwise see default_transaction_read_only.",
        PostgresErrorCodes.DiskFull =>
            $"the disk of {server} is full ({error.MessageText}). Make room on the server; nothing was written.",
        PostgresErrorCodes.QueryCanceled =>
            $"{server} is too slow: a statement was cut off ({error.MessageText}). See what it is busy with: SELECT * FROM pg_stat_activity.",
        PostgresErrorCodes.LockNotAvailable =>
            $"{server}: somebody holds a lock for too long ({error.MessageText}). See who: SELECT * FROM pg_stat_activity WHERE state LIKE 'idle in%'.",
        _ => null,
    };
}
