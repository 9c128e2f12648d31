using Aspire.Hosting.Running;

namespace Aspire.Hosting.Projects;

/// <summary>Where a project's program is.</summary>
internal sealed class ProjectOutput(ResourceLoggerService logs)
{
    /// <exception cref="DistributedApplicationException">There is none, and building gave none.</exception>
    public async Task<string> FindAsync(IProjectMetadata project, string resourceId, CancellationToken cancellationToken)
    {
        if (project is IBuiltProjectMetadata built && File.Exists(built.TargetPath)) return built.TargetPath;
        if (Conventional(project.ProjectPath) is { } path) return path;

        logs.Write(resourceId, $"Building {project.ProjectPath}");
        await BuildAsync(project.ProjectPath, resourceId, cancellationToken);
        return Conventional(project.ProjectPath)
            ?? throw new DistributedApplicationException($"{project.ProjectPath} has no program below bin/. Does it build with another assembly name or output path?");
    }

    /// <summary>bin/{Configuration}/{framework}/{project}.dll of the same configuration and framework as the AppHost.</summary>
    private static string? Conventional(string projectPath)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var file = Path.Combine(
            Path.GetDirectoryName(projectPath)!,
            "bin",
            framework.Parent?.Name ?? "Debug",
            framework.Name,
            $"{Path.GetFileNameWithoutExtension(projectPath)}.dll");
        return File.Exists(file) ? file : null;
    }

    private async Task BuildAsync(string projectPath, string resourceId, CancellationToken cancellationToken)
    {
        var configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent?.Name ?? "Debug";
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(key => key, key => Environment.GetEnvironmentVariable(key) ?? "");
        var spec = new ProcessSpec(
            DotnetHost.Path,
            ["build", projectPath, "--configuration", configuration, "--nologo", "--verbosity", "quiet"],
            Path.GetDirectoryName(projectPath)!,
            environment);
        using var build = ChildProcess.Start(spec, (line, isError) => logs.Write(resourceId, line, isError));
        await using var stop = cancellationToken.Register(build.Kill);
        if (await build.Exited != 0) throw new DistributedApplicationException($"{projectPath} does not build; its output is above.");
    }
}
