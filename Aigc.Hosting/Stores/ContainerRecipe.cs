using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Stores;

/// <summary>How a store's image is run.</summary>
/// <param name="Name">Of this data folder alone: two runs side by side have a container and a volume each.</param>
/// <param name="WhenItAnswers">Run in the container; something that exists already is as good as made.</param>
internal sealed record ContainerRecipe(
    string Name,
    string Image,
    int Port,
    string Volume,
    string DataPath,
    string StopSignal,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> Command,
    IReadOnlyList<IReadOnlyList<string>> WhenItAnswers)
{
    public static ContainerRecipe Redis(RedisResource redis, RunStore store, RedisAccess access)
    {
        var (name, volume) = Names(redis, store, "/data");
        return new(
            name, ImageOf(redis), 6379, volume, "/data", "TERM",
            new Dictionary<string, string> { ["REDIS_PASSWORD"] = access.Password },
            ["sh", "-c", "exec redis-server --requirepass \"$REDIS_PASSWORD\" --appendonly yes"],
            []);
    }

    public static ContainerRecipe Postgres(PostgresServerResource server, RunStore store, PostgresAccess access, IEnumerable<string> databases)
    {
        var (name, volume) = Names(server, store, "/var/lib/postgresql/data");
        return new(
            name, ImageOf(server), 5432, volume, "/var/lib/postgresql/data", "INT",
            new Dictionary<string, string>
            {
                ["POSTGRES_USER"] = access.User,
                ["POSTGRES_PASSWORD"] = access.Password,
                ["POSTGRES_HOST_AUTH_METHOD"] = "scram-sha-256",
                ["POSTGRES_INITDB_ARGS"] = "--auth-host=scram-sha-256 --encoding=UTF8 --no-locale",
            },
            ["postgres", "-c", "max_connections=300"],
            [.. databases.Select(database => new[] { "createdb", "-U", access.User, "--", database })]);
    }

    public static string ImageOf(IResource resource)
    {
        var image = resource.Annotations.OfType<ContainerImageAnnotation>().Last();
        return $"{image.Image}:{image.Tag}";
    }

    private static (string Name, string Volume) Names(IResource resource, RunStore store, string dataPath)
    {
        var name = $"aigc-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(store.DataDirectory)))[..12]}-{resource.Name.ToLowerInvariant()}";
        var mount = resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Target == dataPath)?.Source;
        return (name, mount ?? name);
    }
}
