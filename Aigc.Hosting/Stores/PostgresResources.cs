using Aspire.Hosting.Stores;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Postgres server; a run that has none has a file for each of its databases.</summary>
public sealed class PostgresServerResource(string name, ParameterResource? userName, ParameterResource? password)
    : ContainerResource(name), IResourceWithConnectionString
{
    public ParameterResource? UserNameParameter => userName;

    public ParameterResource? PasswordParameter => password;

    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var host = PrimaryEndpoint.Property(EndpointProperty.Host);
            var port = PrimaryEndpoint.Property(EndpointProperty.Port);
            return (userName, password) switch
            {
                (null, null) => ReferenceExpression.Create($"Host={host};Port={port};Username=postgres"),
                (null, { } secret) => ReferenceExpression.Create($"Host={host};Port={port};Username=postgres;Password={secret}"),
                ({ } user, null) => ReferenceExpression.Create($"Host={host};Port={port};Username={user}"),
                ({ } user, { } secret) => ReferenceExpression.Create($"Host={host};Port={port};Username={user};Password={secret}"),
            };
        }
    }

    /// <summary>Null when published.</summary>
    internal RunStore? Store { get; init; }

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        Store is null ? ConnectionStringExpression.GetValueAsync(cancellationToken) : new(Store.Configured(Name) ?? Store.Server?.ConnectionString);
}

public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    public PostgresServerResource Parent => server;

    public string DatabaseName => databaseName;

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{new ConnectionStringReference(server, optional: false)};Database={databaseName}");

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => server.Store switch
    {
        null => ConnectionStringExpression.GetValueAsync(cancellationToken),
        var store when store.Configured(Name) is { } own => new(own),
        var store when store.Configured(server.Name) is { } shared => new($"{shared};Database={databaseName}"),
        { Server: { } started } => new($"{started.ConnectionString};Database={databaseName}"),
        var store => new(store.FileConnectionString(Name)),
    };
}
