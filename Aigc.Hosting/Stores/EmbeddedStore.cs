using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Stores;

/// <summary>
/// A run needs no server: a store that is not configured is a file, and its connection string says so
/// (<c>Data Source=…</c>), which is all that a service needs to choose its embedded side.
/// </summary>
internal sealed class EmbeddedStore(IConfiguration configuration, string appHostDirectory)
{
    public string? Configured(string name) => configuration.GetConnectionString(name) is { Length: > 0 } value ? value : null;

    public string ConnectionString(string name) => $"Data Source={Path.Combine(Directory, $"{name}.db")}";

    private string Directory => Path.GetFullPath(configuration["Hosting:DataDirectory"] ?? ".data", appHostDirectory);
}
