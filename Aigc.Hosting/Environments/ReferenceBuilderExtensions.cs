using System.Text.RegularExpressions;

namespace Aspire.Hosting;

public static partial class ReferenceBuilderExtensions
{
    /// <summary>Gives <c>ConnectionStrings__{name}</c>.</summary>
    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where T : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName ?? resource.Name}";
        return builder.WithEnvironment(context => context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional));
    }

    /// <summary>Gives <c>services__{name}__{endpoint}__0</c> and <c>{NAME}_{ENDPOINT}</c> for every endpoint.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.Endpoints()) Add(context, source.Resource, endpoint);
        });

    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, EndpointReference endpointReference)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => Add(context, endpointReference.Resource, endpointReference.Annotation));

    private static void Add(EnvironmentCallbackContext context, IResourceWithEndpoints service, EndpointAnnotation endpoint)
    {
        var reference = new EndpointReference(service, endpoint.Name);
        context.EnvironmentVariables[$"services__{service.Name}__{endpoint.Name}__0"] = reference;
        context.EnvironmentVariables[NotWord().Replace($"{service.Name}_{endpoint.Name}", "_").ToUpperInvariant()] = reference;
    }

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex NotWord();
}
