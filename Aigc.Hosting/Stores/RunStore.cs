using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Stores;

/// <summary>
/// Where a store is in a run: configured, a server that the run starts, or a file. The connection string says which
/// (a file's begins with <c>Data Source=</c>), and that is all that a service needs to choose its side.
/// </summary>
internal sealed class RunStore(IConfiguration configuration, string appHostDirectory)
{
    /// <summary>Chosen before anything starts; null for a file.</summary>
    public StoreServer? Server { get; set; }

    public string DataDirectory => Path.GetFullPath(configuration["Hosting:DataDirectory"] ?? ".data", appHostDirectory);

    public string? Configured(string name) => configuration.GetConnectionString(name) is { Length: > 0 } value ? value : null;

    public string File(string name) => Path.Combine(DataDirectory, $"{name}.db");

    public string FileConnectionString(string name) => $"Data Source={File(name)}";
}

internal static class StoreResourceExtensions
{
    public static RunStore? Store(this IResource resource) => resource switch
    {
        RedisResource redis => redis.Store,
        PostgresServerResource postgres => postgres.Store,
        _ => null,
    };

    /// <summary>The server that the run starts for it, if it does.</summary>
    public static StoreServer? Server(this IResource resource) => resource.Store()?.Server;

    public static bool IsProcess(this IResource resource) => resource is ProjectResource or ExecutableResource || resource.Server() is not null;
}
