using Aspire.Hosting.Projects;

namespace Aspire.Hosting;

public static class ProjectBuilderExtensions
{
    /// <summary>Takes endpoints and environment from the project's first launch profile.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject();
        return builder.Add(name, project, LaunchProfile.First(project.ProjectPath));
    }

    /// <param name="launchProfileName">Null takes nothing from launch profiles.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject();
        return builder.Add(name, project, launchProfileName is null ? null : LaunchProfile.Named(project.ProjectPath, launchProfileName));
    }

    /// <param name="projectPath">Relative to the AppHost's directory. It is built first unless it has been.</param>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath)
    {
        var project = new ProjectPathMetadata(Path.GetFullPath(projectPath, builder.AppHostDirectory));
        return builder.Add(name, project, LaunchProfile.First(project.ProjectPath));
    }

    /// <summary>So many processes, each with a port of its own, behind one port that gives each its turn.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<ProjectResource> Add(
        this IDistributedApplicationBuilder builder,
        string name,
        IProjectMetadata project,
        LaunchProfile? profile)
    {
        var resource = builder.AddResource(new ProjectResource(name)).WithAnnotation(project);
        if (profile is null) return resource;
        foreach (var url in profile.Urls) resource.WithEndpoint(url.Port, null, url.Scheme, url.Scheme);
        if (builder.ExecutionContext.IsRunMode)
            resource.WithEnvironment(context =>
            {
                foreach (var (key, value) in profile.Environment) context.EnvironmentVariables[key] = value;
            });
        return resource;
    }
}
