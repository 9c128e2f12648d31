using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Stores;

internal enum StoreMode
{
    /// <summary>What the data folder has, else what the machine has.</summary>
    Automatic,
    Embedded,
    Servers,
}

/// <summary>Which stores the person who runs it asks for.</summary>
/// <param name="Name">What a message calls the setting (<c>Hosting:StoresName</c>).</param>
internal sealed record StoreSetting(StoreMode Mode, string Name)
{
    /// <exception cref="DistributedApplicationException">Any other word.</exception>
    public static StoreSetting From(IConfiguration configuration)
    {
        var name = configuration["Hosting:StoresName"] ?? "Hosting:Stores";
        return configuration["Hosting:Stores"] switch
        {
            null or "" => new(StoreMode.Automatic, name),
            "embedded" => new(StoreMode.Embedded, name),
            "servers" => new(StoreMode.Servers, name),
            var other => throw new DistributedApplicationException(
                $"{name}={other} is not known: use {name}=embedded for files, {name}=servers for Redis and Postgres, or leave it out."),
        };
    }
}
