using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.ApplicationModel;

internal sealed class ConnectionStringResource(string name, string? environmentVariable, IConfiguration configuration)
    : Resource(name), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{configuration.GetConnectionString(Name)}");

    public string? ConnectionStringEnvironmentVariable => environmentVariable;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(configuration.GetConnectionString(Name));
}
