using Aspire.Hosting.Stores;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Redis; in a run that has none, a file.</summary>
public sealed class RedisResource(string name, ParameterResource? password = null) : ContainerResource(name), IResourceWithConnectionString
{
    public ParameterResource? PasswordParameter => password;

    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => password is null
        ? ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")
        : ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={password}");

    /// <summary>Null when published.</summary>
    internal RunStore? Store { get; init; }

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => Store is null
        ? ConnectionStringExpression.GetValueAsync(cancellationToken)
        : new(Store.Configured(Name) ?? Store.Server?.ConnectionString ?? Store.FileConnectionString(Name));
}
