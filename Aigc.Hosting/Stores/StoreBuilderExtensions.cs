using Aspire.Hosting.Stores;

namespace Aspire.Hosting;

public static class StoreBuilderExtensions
{
    private const string RedisCommand = "exec redis-server --requirepass \"$REDIS_PASSWORD\" --appendonly yes";

    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        var redis = new RedisResource(name, password?.Resource) { Store = Store(builder) };
        var described = builder.AddResource(redis)
            .WithAnnotation(new ContainerImageAnnotation("docker.io/library/redis", "8.2"))
            .WithEndpoint(port, targetPort: 6379, name: "tcp");
        return password is null || builder.ExecutionContext.IsRunMode
            ? described
            : described.WithEntrypoint("/bin/sh").WithArgs("-c", RedisCommand).WithEnvironment("REDIS_PASSWORD", password);
    }

    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder,
        TimeSpan? interval = null,
        long keysChangedThreshold = 1) =>
        builder.WithAnnotation(new PersistenceAnnotation(interval ?? TimeSpan.FromMinutes(1), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/data", isReadOnly);

    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var server = new PostgresServerResource(name, userName?.Resource, password?.Resource) { Store = Store(builder) };
        return builder.AddResource(server)
            .WithAnnotation(new ContainerImageAnnotation("docker.io/library/postgres", "17.6"))
            .WithEndpoint(port, targetPort: 5432, name: "tcp")
            .WithEnvironment(context => DescribeServer(context, server));
    }

    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder,
        string? name = null,
        bool isReadOnly = false) => builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/var/lib/postgresql/data", isReadOnly);

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder,
        string name,
        string? databaseName = null)
    {
        // The image makes one database itself: the first.
        builder.WithEnvironment(context => context.EnvironmentVariables.TryAdd("POSTGRES_DB", databaseName ?? name));
        return builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));
    }

    /// <summary>A connection string that configuration must give under <c>ConnectionStrings:{name}</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        string name,
        string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringResource(name, environmentVariableName, builder.Configuration));

    /// <summary>The settings of the image, where it is published.</summary>
    private static void DescribeServer(EnvironmentCallbackContext context, PostgresServerResource server)
    {
        var environment = context.EnvironmentVariables;
        environment["POSTGRES_HOST_AUTH_METHOD"] = "scram-sha-256";
        environment["POSTGRES_INITDB_ARGS"] = "--auth-host=scram-sha-256 --encoding=UTF8 --no-locale";
        environment["POSTGRES_USER"] = server.UserNameParameter is { } user ? user : "postgres";
        if (server.PasswordParameter is { } password) environment["POSTGRES_PASSWORD"] = password;
    }

    private static RunStore? Store(IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode ? new RunStore(builder.Configuration, builder.AppHostDirectory) : null;
}

/// <summary>How often Redis writes its data to disk.</summary>
internal sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation;
