using System.Runtime.InteropServices;
using Aspire.Hosting.Projects;
using Aspire.Hosting.Stores;

namespace Aspire.Hosting.Running;

/// <summary>Which program a resource is.</summary>
internal sealed class ProcessCommands(ProjectOutput output, ProcessEnvironment environment, ResourceLoggerService logs)
{
    public async Task<ProcessSpec> DescribeAsync(IResource resource, string id, int replica, CancellationToken cancellationToken)
    {
        if (resource.Server() is { } server)
        {
            var spec = await server.PrepareAsync(line => logs.Write(id, line), cancellationToken);
            logs.Write(id, $"Address 127.0.0.1:{server.Port}; its password is in {server.PasswordFile}");
            return ProcessGroup.InOwnGroup(StdinShim.WrapStore(spec, server.StopSignal, server.Port));
        }

        var variables = await environment.BuildAsync(resource, id, replica, cancellationToken);
        var args = await ArgumentsAsync(resource, cancellationToken);
        return ProcessGroup.InOwnGroup(resource switch
        {
            ProjectResource project => await ProjectAsync(project, args, variables, cancellationToken),
            ExecutableResource program => StdinShim.Wrap(new(program.Command, args, program.WorkingDirectory, variables)),
            _ => throw new NotSupportedException($"'{resource.Name}' is no process."),
        });
    }

    private async Task<ProcessSpec> ProjectAsync(
        ProjectResource project,
        List<string> args,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellationToken)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        var target = await output.FindAsync(metadata, project.Name, cancellationToken);
        return new(DotnetHost.Path, ["exec", target, .. args], System.IO.Path.GetDirectoryName(metadata.ProjectPath)!, variables);
    }

    private static async Task<List<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await annotation.Callback(context);

        var args = new List<string>();
        foreach (var arg in context.Args)
        {
            if (await ProcessEnvironment.TextAsync(arg, cancellationToken) is { } text) args.Add(text);
        }

        return args;
    }
}

internal static class DotnetHost
{
    /// <summary>The <c>dotnet</c> whose runtime runs the AppHost: {root}/shared/Microsoft.NETCore.App/{version}/.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet",
        System.IO.Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()));
}
