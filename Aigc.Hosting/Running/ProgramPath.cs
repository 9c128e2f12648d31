using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Finds programs as a shell does.</summary>
internal sealed class ProgramPath(IConfiguration configuration)
{
    // Configuration has the environment in it, so PATH is the AppHost's own unless somebody sets another.
    public IReadOnlyList<string> Folders { get; } =
        (configuration["PATH"] ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    public string? Find(string program) => Path.IsPathRooted(program)
        ? File.Exists(program) ? program : null
        : Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
