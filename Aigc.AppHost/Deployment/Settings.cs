namespace Aigc.AppHost.Deployment;

/// <summary>What a run knows by itself and a deployment must be told.</summary>
internal sealed record Settings(ReferenceExpression PublicUrl, ReferenceExpression EngineDomain)
{
    public static Settings Of(IDistributedApplicationBuilder builder, DevelopmentRun run)
    {
        if (builder.ExecutionContext.IsRunMode) return new(ReferenceExpression.Create($"{run.PublicUrl}"), ReferenceExpression.Create($"localhost"));
        var publicUrl = builder.AddParameter("public-url");
        var engineDomain = builder.AddParameter("engine-domain");
        return new(ReferenceExpression.Create($"{publicUrl.Resource}"), ReferenceExpression.Create($"{engineDomain.Resource}"));
    }
}

internal static class ServiceSettings
{
    /// <summary>Stands beside engines, so it is no resource of its own.</summary>
    private static readonly string DiskImage = $"aigc-disk:{typeof(ServiceSettings).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Folders and programs of this machine.</summary>
    public static void RunHere(this IResourceBuilder<ProjectResource> service, DevelopmentRun run) => service.WithEnvironment("AIGC_DATA_DIR", run.DataDirectory);

    /// <summary>Engines are pods, in a namespace of their own.</summary>
    public static void RunEnginesInCluster(this IResourceBuilder<ProjectResource> worker)
    {
        var engines = worker.ApplicationBuilder.AddParameter("engine-namespace", "aigc-engines", publishValueAsDefault: true);
        var disk = worker.ApplicationBuilder.AddParameter("disk-image", DiskImage, publishValueAsDefault: true);
        worker.WithEnvironment("Worker__Runtime", "kubernetes").WithEnvironment("Kubernetes__Namespace", engines).WithEnvironment("Kubernetes__Files__Image", disk);
    }

    /// <summary>The provider is somebody else's: who deploys says where it is.</summary>
    public static void AskForIdentity(this IResourceBuilder<ProjectResource> api)
    {
        var builder = api.ApplicationBuilder;
        api.WithEnvironment("Identity__Authority", builder.AddParameter("identity-authority"))
            .WithEnvironment("Identity__ClientId", builder.AddParameter("identity-client-id", "aigc", publishValueAsDefault: true))
            .WithEnvironment("Identity__ClientSecret", builder.AddParameter("identity-client-secret", secret: true));
    }
}
