using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.Stores;

namespace Aspire.Hosting.Publishing.Manifest;

/// <summary>The deployment manifest that azd and aspirate read.</summary>
internal sealed class ManifestWriter(DistributedApplicationModel model, PublishedResources resources)
{
    private const string FileName = "aspire-manifest.json";
    private const string Schema = "https://json.schemastore.org/aspire-8.0.json";
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">A file, or a folder to write <c>aspire-manifest.json</c> to.</param>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var file = Directory.Exists(path) || !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Path.Combine(path, FileName) : path;
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        var entries = new JsonObject();
        foreach (var resource in model.Resources)
        {
            if (await DescribeAsync(resource, folder, cancellationToken) is { } entry) entries[resource.Name] = entry;
        }

        var manifest = new JsonObject { ["$schema"] = Schema, ["resources"] = entries };
        await File.WriteAllTextAsync(file, manifest.ToJsonString(Format) + "\n", cancellationToken);
    }

    /// <summary>Null: only a run on this machine has it.</summary>
    private async Task<JsonObject?> DescribeAsync(IResource resource, string folder, CancellationToken cancellationToken) => resource switch
    {
        ParameterResource parameter => ManifestParameters.Of(parameter),
        ConnectionStringResource connection => ManifestParameters.Of(connection),
        ProjectResource project => await DescribeAsync(project, folder, cancellationToken),
        ContainerResource container => await DescribeAsync(container, cancellationToken),
        IResourceWithConnectionString value => new() { ["type"] = "value.v0", ["connectionString"] = value.ConnectionStringExpression.ValueExpression },
        _ => null,
    };

    private async Task<JsonObject> DescribeAsync(ProjectResource project, string folder, CancellationToken cancellationToken)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        var entry = new JsonObject
        {
            ["type"] = "project.v0",
            ["path"] = Path.GetRelativePath(folder, metadata.ProjectPath).Replace('\\', '/'),
        };
        await AddArgumentsAsync(entry, project, cancellationToken);
        var environment = new JsonObject();
        if (project.Endpoints().FirstOrDefault(endpoint => endpoint.UriScheme == "http") is { } http)
        {
            environment["HTTP_PORTS"] = $"{{{project.Name}.bindings.{http.Name}.targetPort}}";
            environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }

        await AddEnvironmentAsync(entry, environment, project, cancellationToken);
        AddBindings(entry, project);
        return entry;
    }

    private async Task<JsonObject> DescribeAsync(ContainerResource container, CancellationToken cancellationToken)
    {
        var entry = new JsonObject { ["type"] = "container.v0" };
        if (container is IResourceWithConnectionString store) entry["connectionString"] = store.ConnectionStringExpression.ValueExpression;
        entry["image"] = ContainerRecipe.ImageOf(container);
        if (container.Entrypoint is { } entrypoint) entry["entrypoint"] = entrypoint;
        await AddArgumentsAsync(entry, container, cancellationToken);
        AddMounts(entry, container);
        await AddEnvironmentAsync(entry, [], container, cancellationToken);
        AddBindings(entry, container);
        return entry;
    }

    private static async Task AddArgumentsAsync(JsonObject entry, IResource resource, CancellationToken cancellationToken)
    {
        var arguments = await PublishedResources.ArgumentsAsync(resource, cancellationToken);
        if (arguments.Count > 0) entry["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(Text(argument)))]);
    }

    private async Task AddEnvironmentAsync(JsonObject entry, JsonObject environment, IResource resource, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in await resources.EnvironmentAsync(resource, cancellationToken)) environment[name] = Text(value);
        if (environment.Count > 0) entry["env"] = environment;
    }

    private static void AddMounts(JsonObject entry, ContainerResource resource)
    {
        var mounts = resource.Annotations.OfType<ContainerMountAnnotation>().ToLookup(mount => mount.Type);
        if (mounts[ContainerMountType.Volume].ToList() is { Count: > 0 } volumes)
            entry["volumes"] = Mounts(volumes, "name", (mount, index) => mount.Source ?? string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{index}"));
        if (mounts[ContainerMountType.BindMount].ToList() is { Count: > 0 } binds)
            entry["bindMounts"] = Mounts(binds, "source", (mount, _) => mount.Source!);
    }

    private static JsonArray Mounts(IEnumerable<ContainerMountAnnotation> mounts, string key, Func<ContainerMountAnnotation, int, string> source) =>
        new([.. mounts.Select((mount, index) => new JsonObject { [key] = source(mount, index), ["target"] = mount.Target, ["readOnly"] = mount.IsReadOnly })]);

    private static void AddBindings(JsonObject entry, IResource resource)
    {
        var bindings = new JsonObject();
        foreach (var endpoint in resource.Endpoints())
        {
            var binding = new JsonObject
            {
                ["scheme"] = endpoint.UriScheme,
                ["protocol"] = endpoint.Protocol == System.Net.Sockets.ProtocolType.Udp ? "udp" : "tcp",
                ["transport"] = endpoint.Transport,
            };
            if (endpoint.Port is { } port && port != endpoint.TargetPort) binding["port"] = port;
            if (endpoint.TargetPort is { } target) binding["targetPort"] = target;
            if (endpoint.IsExternal) binding["external"] = true;
            bindings[endpoint.Name] = binding;
        }

        if (bindings.Count > 0) entry["bindings"] = bindings;
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        IManifestExpressionProvider expression => expression.ValueExpression,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
