using System.Globalization;
using System.Net.Security;
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>
/// What <c>ConnectionStrings:tracker</c> says: StackExchange.Redis's <c>host:port,password=…,ssl=true,…</c>, and of our own
/// <c>prefix=…</c> (of all keys) and <c>ca=/path.pem</c> (who signed the server's certificate, where the system does not know).
/// </summary>
internal sealed record RedisSettings(ConfigurationOptions Options, string Prefix)
{
#if !FULL_FEED
    /// <summary>An ACL user, for whom this client needs the <see cref="UserRelay" />.</summary>
    public string? User { get; private init; }

    /// <summary>Of the server's certificate; null: the system's rules.</summary>
    public RemoteCertificateValidationCallback? Trust { get; private init; }

#endif
    private const string DefaultPrefix = "aigc:";
    private static readonly string[] Secrets = ["password", "user"];

    /// <summary>For messages.</summary>
    public string Where => string.Join(", ", Options.EndPoints.Select(endPoint => endPoint.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal)));

    /// <exception cref="FormatException">Names the part that is wrong and the remedy, never what may be a secret.</exception>
    public static RedisSettings Parse(string connectionString)
    {
        var (prefix, authority) = (DefaultPrefix, (string?)null);
#if !FULL_FEED
        string? user = null;
#endif
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var theirs = new List<string>();
        var secret = false;
        for (var i = 0; i < parts.Length; i++)
        {
            var equals = parts[i].IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? null : parts[i][..equals].Trim();
            // What follows a password may be the rest of one with a comma in it.
            var name = secret ? $"part {i + 1}" : key is null ? $"'{parts[i]}'" : $"'{key}'";
            switch (key?.ToLowerInvariant())
            {
                case null:
                    theirs.Add(Host(parts[i], name));
                    break;
                case "prefix":
                    prefix = parts[i][(equals + 1)..];
                    break;
                case "ca":
                    authority = parts[i][(equals + 1)..];
                    break;
#if !FULL_FEED
                case "user":
                    user = parts[i][(equals + 1)..] is { Length: > 0 } named ? named : null;
                    break;
#endif
                default:
                    theirs.Add(Option(parts[i], key, name));
                    break;
            }

            secret |= Secrets.Contains(key, StringComparer.OrdinalIgnoreCase);
        }

        var options = ConfigurationOptions.Parse(string.Join(',', theirs));
        if (options.EndPoints.Count == 0)
            throw Wrong("it names no server", "Begin with host:port, such as redis.example.org:6379");
        Prepare(options, connectionString);
        var trust = authority is null ? null : PrivateAuthority.Read(authority);
        if (trust is not null)
            options.CertificateValidation += trust;
#if FULL_FEED
        return new(options, prefix);
#else
        return new(options, prefix) { User = user, Trust = trust };
#endif
    }

    private static string Host(string part, string name)
    {
        if (part.Contains("://", StringComparison.Ordinal))
            throw Wrong($"{(part.Contains('@', StringComparison.Ordinal) ? "it" : name)} is a URL", "Write host:port,password=…,ssl=true instead of redis://…");
        var colon = part.LastIndexOf(':');
        var isPort = colon < 0 || part.EndsWith(']')
            || (int.TryParse(part[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536);
        return isPort && !part.Contains(' ', StringComparison.Ordinal)
            ? part
            : throw Wrong($"{name} is no host:port", "Write the port as a number from 1 to 65535; a password can't contain a comma");
    }

    private static string Option(string part, string key, string name)
    {
        try
        {
            ConfigurationOptions.Parse(part);
            return part;
        }
        catch (ArgumentException)
        {
            // The exception repeats the part, which may be a secret.
            throw Wrong(
                $"{name} is not understood or has a wrong value",
                "Known are user, password, ssl, sslHost, defaultDatabase, connectTimeout, keepAlive, prefix, ca and StackExchange.Redis's others; a password can't contain a comma");
        }
    }

    private static void Prepare(ConfigurationOptions options, string connectionString)
    {
        bool Says(string key) => connectionString.Contains(key + "=", StringComparison.OrdinalIgnoreCase);
        // The services start before Redis does, and outlive it.
        options.AbortOnConnectFail = false;
        if (!Says("connectTimeout"))
            options.ConnectTimeout = 2000;
        if (!Says("keepAlive"))
            options.KeepAlive = 10;
        if (!Says("name"))
            options.ClientName = "aigc";
        // Both are for several servers, and outside our prefix.
        if (options.EndPoints.Count == 1)
            options.TieBreaker = options.ConfigurationChannel = "";
        options.ReconnectRetryPolicy = new LinearRetry(1000);
#if FULL_FEED
        // Who can go on without the tracker must know at once.
        options.BacklogPolicy = BacklogPolicy.FailFast;
#endif
    }

    private static FormatException Wrong(string what, string remedy) => new($"ConnectionStrings:tracker: {what}. {remedy}.");
}
