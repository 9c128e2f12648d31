using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Containers;

/// <summary>Docker or Podman, by its command line.</summary>
internal sealed record ContainerEngine(string Program, string Version, TimeProvider Time)
{
    // A daemon that is there answers in milliseconds; one that hangs must not hold up the start.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortWork = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Download = TimeSpan.FromMinutes(30);

    public string Title => $"{Path.GetFileName(Program)} {Version}";

    /// <summary>The first that answers, or why none does. <c>ASPIRE_CONTAINER_RUNTIME</c> names one to ask instead.</summary>
    public static async Task<(ContainerEngine? Engine, string Obstacle)> FindAsync(
        ProgramPath programs,
        IConfiguration configuration,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        string[] names = configuration["ASPIRE_CONTAINER_RUNTIME"] is { Length: > 0 } name ? [name] : ["docker", "podman"];
        var obstacle = $"{string.Join(" and ", names)} not found";
        foreach (var program in names.Select(programs.Find).OfType<string>())
        {
            var answer = await Command.RunAsync([program, "version", "--format", "{{.Server.Version}}"], Patience, time, cancellationToken);
            if (answer is { Succeeded: true } && answer.Output.Trim() is { Length: > 0 } version) return (new(program, version, time), "");
            obstacle = $"{Path.GetFileName(program)} does not answer";
        }

        return (null, obstacle);
    }

    /// <summary>Whether the image is here, if need be after its download.</summary>
    public async Task<bool> HasAsync(string image, Action<string> log, CancellationToken cancellationToken)
    {
        if (await AskAsync(ShortWork, cancellationToken, "image", "inspect", "--format", "{{.Id}}", image) is { Succeeded: true }) return true;
        log($"{Title} downloads {image}");
        var result = await AskAsync(Download, cancellationToken, "pull", "--quiet", image);
        if (result is not { Succeeded: true }) log(result?.LastLine ?? "The download did not end in time");
        return result is { Succeeded: true };
    }

    /// <summary>Removes what a killed run has left.</summary>
    public async Task RemoveAsync(string label, CancellationToken cancellationToken)
    {
        var found = await AskAsync(ShortWork, cancellationToken, "ps", "--all", "--quiet", "--filter", $"label={label}");
        var ids = found?.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (ids.Length > 0) await AskAsync(ShortWork, cancellationToken, ["rm", "--force", .. ids]);
    }

    public Task<CommandResult?> AskAsync(TimeSpan within, CancellationToken cancellationToken, params string[] arguments) =>
        Command.RunAsync([Program, .. arguments], within, Time, cancellationToken);
}
