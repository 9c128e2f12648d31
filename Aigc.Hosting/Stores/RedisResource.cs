using Aspire.Hosting.Stores;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Redis when published or configured; a file in a run.</summary>
public sealed class RedisResource(string name, ParameterResource? password = null) : ContainerResource(name), IResourceWithConnectionString
{
    public ParameterResource? PasswordParameter => password;

    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => password is null
        ? ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")
        : ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={password}");

    internal EmbeddedStore? Embedded { get; init; }

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => Embedded is null
        ? ConnectionStringExpression.GetValueAsync(cancellationToken)
        : new(Embedded.Configured(Name) ?? Embedded.ConnectionString(Name));
}
