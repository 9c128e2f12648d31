using System.Globalization;
using Aspire.Hosting.Containers;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Stores;

/// <summary>Makes servers for stores out of what this machine has, or tells what is in the way.</summary>
internal sealed class StoreMaker(ProgramPath programs, IConfiguration configuration, TimeProvider time)
{
    private readonly MachineServers _installed = new(programs, configuration, time);

    public async Task<(StoreChoice? Choice, string Obstacle)> ContainersAsync(
        IReadOnlyList<IResource> needed,
        StoreData data,
        Action<string> log,
        CancellationToken cancellationToken)
    {
        var (engine, obstacle) = await ContainerEngine.FindAsync(programs, configuration, time, cancellationToken);
        if (engine is null) return (null, obstacle);
        var servers = new List<(IResource, StoreServer)>();
        foreach (var resource in needed)
        {
            if (!await engine.HasAsync(ContainerRecipe.ImageOf(resource), log, cancellationToken))
                return (null, $"{Path.GetFileName(engine.Program)} cannot get {ContainerRecipe.ImageOf(resource)}");
            servers.Add((resource, Contain(engine, resource, data)));
        }

        return (new(StoreKind.Containers, $"{Titles(servers)} in containers of {engine.Title}", "", servers), "");
    }

    public async Task<(StoreChoice? Choice, string Obstacle)> MachineAsync(IReadOnlyList<IResource> needed, StoreData data, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows()) return (null, "servers of the machine are used on Linux and macOS only (on Windows, start Docker or use WSL)");
        var account = Environment.IsPrivilegedProcess ? ServerAccount.Find(programs) : null;
        if (Environment.IsPrivilegedProcess && account is null)
            return (null, "run by root, servers need another account (postgres, redis or nobody) and setpriv or runuser to become it");
        var servers = new List<(IResource, StoreServer)>();
        foreach (var resource in needed)
        {
            var folder = new ServerFolder(data.FolderOf(resource), account, time);
            var (server, obstacle) = resource is RedisResource redis
                ? await RedisAsync(redis, folder, cancellationToken)
                : await PostgresAsync((PostgresServerResource)resource, folder, data, cancellationToken);
            if (server is null || await folder.ObstacleAsync(cancellationToken) is { } closed && (obstacle = closed) is not null) return (null, obstacle);
            servers.Add((resource, server));
        }

        return (new(StoreKind.Machine, $"{Titles(servers)} found on this machine", "", servers), "");
    }

    private async Task<(StoreServer? Server, string Obstacle)> RedisAsync(RedisResource redis, ServerFolder folder, CancellationToken cancellationToken) =>
        await _installed.RedisAsync(cancellationToken) is var (program, version)
            ? (new MachineRedis(program, version, folder, Endpoint(redis), Access(redis, folder.Path)), "")
            : (null, "redis-server is not on this machine");

    private async Task<(StoreServer? Server, string Obstacle)> PostgresAsync(
        PostgresServerResource server,
        ServerFolder folder,
        StoreData data,
        CancellationToken cancellationToken)
    {
        var installed = await _installed.PostgresAsync(cancellationToken);
        var version = PostgresData.MajorVersion(folder.Data);
        var fitting = installed.FirstOrDefault(found => version is null || found.Version == version);
        if (fitting.Folder is not null)
        {
            var databases = data.Databases(server).Select(database => database.DatabaseName).ToList();
            return (new MachinePostgres(fitting.Folder, fitting.Version, folder, Endpoint(server), Access(server, folder.Path), databases), "");
        }

        if (version is null) return (null, "postgres is not on this machine");
        var others = installed.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", only {string.Join(", ", installed.Select(found => found.Version))}");
        return (null, string.Create(CultureInfo.InvariantCulture, $"{folder.Data} was made by postgres {version}, which is not on this machine{others}"));
    }

    private static ContainerStore Contain(ContainerEngine engine, IResource resource, StoreData data)
    {
        var (store, folder) = (resource.Store()!, data.FolderOf(resource));
        if (resource is RedisResource redis)
        {
            var toRedis = Access(redis, folder);
            return new(engine, ContainerRecipe.Redis(redis, store, toRedis), Endpoint(redis), toRedis, folder, toRedis.Password);
        }

        var server = (PostgresServerResource)resource;
        var access = Access(server, folder);
        var databases = data.Databases(server).Select(database => database.DatabaseName);
        return new(engine, ContainerRecipe.Postgres(server, store, access, databases), Endpoint(server), access, folder, access.Password);
    }

    private static RedisAccess Access(RedisResource redis, string folder) => new(StorePassword.Of(folder, redis.PasswordParameter));

    private static PostgresAccess Access(PostgresServerResource server, string folder) =>
        new(server.UserNameParameter?.Value ?? "postgres", StorePassword.Of(folder, server.PasswordParameter));

    private static EndpointAnnotation Endpoint(IResource resource) => resource.Endpoints().First(endpoint => endpoint.Name == "tcp");

    private static string Titles(IEnumerable<(IResource Resource, StoreServer Server)> servers) =>
        string.Join(" and ", servers.OrderByDescending(s => s.Resource is RedisResource).Select(s => s.Server.Title));
}
