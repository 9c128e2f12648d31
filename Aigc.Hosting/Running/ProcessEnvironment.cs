using System.Collections;
using System.Globalization;
using Aspire.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>The environment that a run gives one process.</summary>
internal sealed class ProcessEnvironment(
    IConfiguration configuration,
    IHostEnvironment host,
    DistributedApplicationExecutionContext execution,
    OtlpReceiver receiver)
{
    private static readonly HashSet<string> NeverInherited = new(StringComparer.OrdinalIgnoreCase)
    {
        "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE",
    };

    public async Task<IReadOnlyDictionary<string, string>> BuildAsync(IResource resource, string id, int replica, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            if (!NeverInherited.Contains((string)variable.Key)) environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        if (resource is ProjectResource) AddProject(environment, resource, replica);
        AddPorts(environment, resource, replica);
        AddTelemetry(environment, resource, id);
        foreach (var (name, value) in await DescribedAsync(resource, cancellationToken)) environment[name] = value;
        environment["HOSTING_LIFETIME"] = "stdin";
        return environment;
    }

    public static async ValueTask<string?> TextAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private async Task<List<KeyValuePair<string, string>>> DescribedAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, [], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(context);

        var described = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await TextAsync(value, cancellationToken) is { } text) described.Add(new(name, text));
        }

        return described;
    }

    private void AddProject(Dictionary<string, string> environment, IResource resource, int replica)
    {
        environment["ASPNETCORE_ENVIRONMENT"] = environment["DOTNET_ENVIRONMENT"] = host.EnvironmentName;
        var urls = resource.Endpoints().Where(e => e.UriScheme is "http" or "https").Select(e => e.Allocated[replica].UriString).ToList();
        if (urls.Count > 0) environment["ASPNETCORE_URLS"] = string.Join(';', urls);
    }

    private static void AddPorts(Dictionary<string, string> environment, IResource resource, int replica)
    {
        foreach (var endpoint in resource.Endpoints())
        {
            if (endpoint.TargetPortEnvironmentVariable is { } variable)
                environment[variable] = endpoint.Allocated[replica].Port.ToString(CultureInfo.InvariantCulture);
        }
    }

    private void AddTelemetry(Dictionary<string, string> environment, IResource resource, string id)
    {
        var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        if ((grpc ?? http) is { } address)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = address;
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc is null ? "http/protobuf" : "grpc";
            if (configuration["AppHost:OtlpApiKey"] is { } key) environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        else if (resource is ProjectResource && receiver.Address is { } own)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = own.ToString();
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
            environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"{OtlpReceiver.KeyHeader}={receiver.Key}";

            // Milliseconds: a person looks at the page and waits.
            environment.TryAdd("OTEL_BSP_SCHEDULE_DELAY", "1000");
            environment.TryAdd("OTEL_METRIC_EXPORT_INTERVAL", "2000");
        }

        environment["OTEL_SERVICE_NAME"] = resource.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={id}";
    }
}
