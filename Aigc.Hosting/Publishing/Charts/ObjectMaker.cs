using System.Globalization;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;
using Aspire.Hosting.Stores;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>The objects that a resource's description alone asks for: what runs, its service, its settings and secrets.</summary>
internal sealed class ObjectMaker(
    KubernetesEnvironmentResource environment,
    PublishedResources resources,
    ResourceValues references,
    ChartValues values)
{
    public async Task<KubernetesResource> MakeAsync(IResource resource, CancellationToken cancellationToken)
    {
        var made = new KubernetesResource(resource.Name, resource, environment);
        if (resource is not ProjectResource) values.Add($"parameters.{ResourceValues.Key(resource)}.enabled", true);
        var container = await ContainerAsync(resource, made, cancellationToken);
        made.Workload = resource is IResourceWithConnectionString ? StatefulSet(resource, container) : Deployment(resource, container);
        if (resource.Endpoints().Any()) made.Service = Service(resource);
        return made;
    }

    /// <summary>By which a resource's pods are found, and all that is installed for it.</summary>
    public static Dictionary<string, string> Selector(IResource resource) => new()
    {
        ["app.kubernetes.io/component"] = resource.Name,
        ["app.kubernetes.io/instance"] = "{{ .Values.instance | default \"aigc\" }}",
    };

    private static ObjectMetaV1 Metadata(IResource resource, string suffix) => new() { Name = $"{resource.Name}-{suffix}", Labels = Selector(resource) };

    private static Deployment Deployment(IResource resource, ContainerV1 container) => new()
    {
        Metadata = Metadata(resource, "deployment"),
        Spec =
        {
            Replicas = resource.GetReplicaCount(),
            Selector = { MatchLabels = Selector(resource) },
            Strategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxUnavailable = 0, MaxSurge = 1 } },
            Template = Template(resource, container),
        },
    };

    private StatefulSet StatefulSet(IResource resource, ContainerV1 container)
    {
        var set = new StatefulSet
        {
            Metadata = Metadata(resource, "statefulset"),
            Spec =
            {
                Replicas = 1,
                ServiceName = ResourceValues.ServiceName(resource),
                Selector = { MatchLabels = Selector(resource) },
                Template = Template(resource, container),
            },
        };
        foreach (var mount in container.VolumeMounts) set.Spec.VolumeClaimTemplates.Add(Claim(resource, mount.Name!));
        return set;
    }

    private PersistentVolumeClaim Claim(IResource resource, string name)
    {
        var section = $"parameters.{ResourceValues.Key(resource)}";
        values.Add($"{section}.storage_size", environment.DefaultStorageSize);
        values.Add($"{section}.storage_class", environment.DefaultStorageClassName);
        values.Explain($"{section}.storage_class", "null: the cluster's default.");
        return new()
        {
            Metadata = { Name = name },
            Spec =
            {
                AccessModes = { environment.DefaultStorageReadWritePolicy },
                StorageClassName = ValueText.Of($"{section}.storage_class"),
                Resources = { Requests = { ["storage"] = ValueText.Of($"{section}.storage_size") } },
            },
        };
    }

    private static PodTemplateSpecV1 Template(IResource resource, ContainerV1 container)
    {
        var template = new PodTemplateSpecV1
        {
            Metadata = { Labels = Selector(resource) },
            Spec = { Containers = { container }, AutomountServiceAccountToken = false, EnableServiceLinks = false },
        };

        // A change of settings replaces the pods, which read them at their start alone.
        if (container.EnvFrom.Any(source => source.ConfigMapRef is not null))
            template.Metadata.Annotations["checksum/config"] = $"{{{{ .Values.config.{ResourceValues.Key(resource)} | sum }}}}";
        return template;
    }

    private Service Service(IResource resource)
    {
        var service = new Service
        {
            Metadata = Metadata(resource, "service"),
            Spec = { Type = environment.DefaultServiceType, Selector = Selector(resource) },
        };
        foreach (var endpoint in resource.Endpoints())
        {
            var port = ResourceValues.PortOf(endpoint);
            service.Spec.Ports.Add(new() { Name = endpoint.Name, Port = port, TargetPort = port, Protocol = "TCP" });
        }

        return service;
    }

    private async Task<ContainerV1> ContainerAsync(IResource resource, KubernetesResource made, CancellationToken cancellationToken)
    {
        var key = ResourceValues.Key(resource);
        var image = $"parameters.{key}.{key}_image";
        values.Add(image, resource is ProjectResource ? $"{environment.HelmChartName}-{resource.Name}:{environment.HelmChartVersion}" : ContainerRecipe.ImageOf(resource));
        var container = new ContainerV1 { Name = resource.Name, Image = ValueText.Of(image), ImagePullPolicy = environment.DefaultImagePullPolicy };
        if (resource is ContainerResource { Entrypoint: { } entrypoint }) container.Command.Add(entrypoint);
        foreach (var argument in await PublishedResources.ArgumentsAsync(resource, cancellationToken)) container.Args.Add(references.Text(argument));
        foreach (var endpoint in resource.Endpoints())
            container.Ports.Add(new() { Name = endpoint.Name, ContainerPort = ResourceValues.PortOf(endpoint), Protocol = "TCP" });
        foreach (var mount in resource.Annotations.OfType<ContainerMountAnnotation>()) container.VolumeMounts.Add(Mount(resource, mount));
        await AddEnvironmentAsync(container, resource, made, cancellationToken);
        return container;
    }

    private static VolumeMountV1 Mount(IResource resource, ContainerMountAnnotation mount) => mount.Type == ContainerMountType.Volume
        ? new() { Name = mount.Source ?? $"{resource.Name}-data", MountPath = mount.Target, ReadOnly = mount.IsReadOnly ? true : null }
        : throw new DistributedApplicationException($"Resource '{resource.Name}' mounts a folder of this machine, {mount.Source}: a cluster has none.");

    private async Task AddEnvironmentAsync(ContainerV1 container, IResource resource, KubernetesResource made, CancellationToken cancellationToken)
    {
        var (settings, secrets) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        if (resource is ProjectResource && resource.Endpoints().FirstOrDefault(endpoint => endpoint.UriScheme == "http") is { } http)
            settings["HTTP_PORTS"] = ResourceValues.PortOf(http).ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in await resources.EnvironmentAsync(resource, cancellationToken))
        {
            var text = references.Text(value);
            if (text.Contains(".Values.secrets.", StringComparison.Ordinal)) secrets[name] = text;

            // What is composed of shared values is no setting of this service alone.
            else if (text.Contains(".Values.", StringComparison.Ordinal)) container.Env.Add(new() { Name = name, Value = text });
            else settings[name] = text;
        }

        if (settings.Count > 0)
        {
            made.ConfigMap = new() { Metadata = Metadata(resource, "config"), Data = settings };
            container.EnvFrom.Add(new() { ConfigMapRef = new() { Name = made.ConfigMap.Metadata.Name } });
        }

        if (secrets.Count > 0)
        {
            var path = $"secrets.{ResourceValues.Key(resource)}.name";
            values.Add(path, $"{resource.Name}-secrets");
            made.Secret = new() { Metadata = Metadata(resource, "secrets"), StringData = secrets };
            made.Secret.Metadata.Name = ValueText.Of(path);
            container.EnvFrom.Add(new() { SecretRef = new() { Name = ValueText.Of(path) } });
        }
    }
}
