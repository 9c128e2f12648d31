using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>
/// Where resources have their values, and how one refers to another. A parameter has one place, however many use it:
/// <c>config.{name}.value</c>, or <c>secrets.{name}.value</c> when it is a secret. <c>config.{user}.{name}</c> means the same.
/// </summary>
internal sealed partial class ResourceValues(DistributedApplicationModel model, ChartValues values)
{
    public const string CreateSecrets = "secrets.create";
    public const string PullSecrets = "image_pull_secrets";
    private const int ProjectPort = 8080;

    public static string Key(IResource resource) => resource.Name.Replace('-', '_');

    public static string ServiceName(IResource resource) => $"{resource.Name}-service";

    public static int PortOf(EndpointAnnotation endpoint) => endpoint.TargetPort ?? endpoint.Port ?? ProjectPort;

    public void Describe()
    {
        values.Explain("parameters", "Images, sizes and places of what runs, by its name.");
        values.Explain("config", "Settings. Those of a service are environment variables: any of its settings may be added.\nA parameter has a value of its own, which all services share that need it.");
        values.Explain("secrets", "Kept in Secrets of the cluster. With create: false, make the Secrets that are named here yourself,\nwith the keys that the templates named secrets.yaml list.");
        values.Add(PullSecrets, new JsonArray());
        values.Explain(PullSecrets, "For a registry that asks who pulls: a list of {name: …}.");
        values.Add("parameters", new JsonObject());
        foreach (var parameter in model.Resources.OfType<ParameterResource>().Where(parameter => !parameter.Secret)) Describe(parameter);
        values.Add(CreateSecrets, true);
        foreach (var parameter in model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret)) Describe(parameter);
    }

    /// <summary>A value as text that has the chart's values in it.</summary>
    public string Text(object value) => value switch
    {
        string text => text,
        ConnectionStringReference reference => Connection(reference.Resource),
        IResourceWithConnectionString resource => Connection(resource),
        _ => Composed(value),
    };

    /// <summary>The same text with the parameters in it at their one place.</summary>
    public string Shared(string text) => UsersParameter().Replace(text, match =>
        model.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => Key(parameter) == match.Groups["name"].Value) is { } parameter
            ? $".Values.{PathOf(parameter)}"
            : match.Value);

    private void Describe(ParameterResource parameter)
    {
        var path = PathOf(parameter);
        values.Add(path, parameter.Default is null or GenerateParameterDefault ? "" : parameter.Default.GetDefaultValue());
        if (parameter.Default is GenerateParameterDefault made) values.Generated[path] = made;
    }

    private string Connection(IResourceWithConnectionString resource)
    {
        var path = $"secrets.{Key(resource)}.connection_string";
        values.Add(path, "");
        if (resource is not ConnectionStringResource) values.Explain(path, "Given, it is used instead of the server that the chart would install.");
        if (resource is ConnectionStringResource) return Required(path);
        return $"{{{{ .Values.{path} | or }}}}{Composed(resource.ConnectionStringExpression)}";
    }

    private string Composed(object value) => value switch
    {
        string text => text,
        ParameterResource parameter => Required(PathOf(parameter)),
        EndpointReference endpoint => Property(endpoint.Property(EndpointProperty.Url)),
        EndpointReferenceExpression property => Property(property),
        ReferenceExpression expression => string.Format(CultureInfo.InvariantCulture, expression.Format, [.. expression.ValueProviders.Select(Composed)]),
        ConnectionStringReference reference => Composed(reference.Resource.ConnectionStringExpression),
        IResourceWithConnectionString resource => Composed(resource.ConnectionStringExpression),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private string Required(string path)
    {
        if (values[path]?.ToString() is { Length: > 0 }) return ValueText.Of(path);
        values.Require(path, $"Set {path}.");
        return ValueText.Of(path);
    }

    private static string PathOf(ParameterResource parameter) => $"{(parameter.Secret ? "secrets" : "config")}.{Key(parameter)}.value";

    [GeneratedRegex(@"\.Values\.(config|secrets)\.\w+\.(?<name>\w+)")]
    private static partial Regex UsersParameter();

    private static string Property(EndpointReferenceExpression reference)
    {
        var endpoint = reference.Endpoint.Annotation;
        var (host, port) = (ServiceName(reference.Endpoint.Resource), PortOf(endpoint).ToString(CultureInfo.InvariantCulture));
        return reference.Property switch
        {
            EndpointProperty.Host or EndpointProperty.IPV4Host => host,
            EndpointProperty.Port or EndpointProperty.TargetPort => port,
            EndpointProperty.Scheme => endpoint.UriScheme,
            EndpointProperty.HostAndPort => $"{host}:{port}",
            _ => $"{endpoint.UriScheme}://{host}:{port}",
        };
    }
}
