using Aigc.AppHost.Deployment;
using Microsoft.Extensions.Configuration;

namespace Aigc.AppHost;

/// <summary>Logto as the identity provider, where <c>AIGC_IDENTITY=logto</c> asks for it; docs/logto.md sets it up.</summary>
internal static class Logto
{
    private const string Name = "logto";
    private const string Tag = "1.42";
    private const int CorePort = 3001;
    private const int ConsolePort = 3002;

    /// <exception cref="FormatException">The setting names something else.</exception>
    public static bool IsAskedFor(IConfiguration configuration) => configuration["AIGC_IDENTITY"] switch
    {
        null or "" => false,
        Name => true,
        var other => throw new FormatException($"AIGC_IDENTITY={other} is not possible: give {Name}, or leave it out."),
    };

    /// <summary>Logto with a database of its own on a server that is there anyway.</summary>
    /// <param name="server">Its password must be fit for an address: letters and digits.</param>
    public static IResourceBuilder<ContainerResource> AddLogto(
        this IDistributedApplicationBuilder builder, IResourceBuilder<PostgresServerResource> server, IResourceBuilder<ParameterResource> password)
    {
        var endpoint = server.GetEndpoint("tcp");
        var database = server.AddDatabase($"{Name}-database", Name);
        return builder.AddContainer(Name, "docker.io/svhd/logto", Tag)
            // Makes its tables, or brings them up to date, before it serves.
            .WithEntrypoint("sh")
            .WithArgs("-c", "npm run cli db seed -- --swe && npm run alteration deploy latest && npm start")
            .WithHttpEndpoint(port: CorePort, targetPort: CorePort, name: "http")
            .WithHttpEndpoint(port: ConsolePort, targetPort: ConsolePort, name: "console")
            .WithEnvironment("TRUST_PROXY_HEADER", "1")
            .WithEnvironment("DB_URL", ReferenceExpression.Create(
                $"postgres://postgres:{password.Resource}@{endpoint.Property(EndpointProperty.Host)}:{endpoint.Property(EndpointProperty.Port)}/{Name}"))
            .WithEnvironment("ENDPOINT", builder.Address($"{Name}-endpoint", CorePort))
            .WithEnvironment("ADMIN_ENDPOINT", builder.Address($"{Name}-admin-endpoint", ConsolePort))
            .WaitFor(database)
            .PublishAsKubernetesService(Pods.DescribeLogto);
    }

    /// <summary>Where browsers reach it: on this machine in a run, wherever it is deployed to otherwise.</summary>
    private static IResourceBuilder<ParameterResource> Address(this IDistributedApplicationBuilder builder, string parameter, int port) =>
        builder.ExecutionContext.IsRunMode ? builder.AddParameter(parameter, $"http://localhost:{port}") : builder.AddParameter(parameter);
}
