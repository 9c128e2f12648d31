using System.Text.Json;

namespace Aspire.Hosting.Projects;

/// <summary>What <c>Properties/launchSettings.json</c> says about running a project on its own.</summary>
internal sealed record LaunchProfile(IReadOnlyList<Uri> Urls, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static LaunchProfile? First(string projectPath) => Read(projectPath, (_, profile) => Text(profile, "commandName") == "Project");

    /// <exception cref="DistributedApplicationException">The project has no such profile.</exception>
    public static LaunchProfile Named(string projectPath, string name) => Read(projectPath, (key, _) => key == name)
        ?? throw new DistributedApplicationException($"Project {projectPath} has no launch profile '{name}'.");

    private static LaunchProfile? Read(string projectPath, Func<string, JsonElement, bool> wanted)
    {
        var path = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(path)) return null;
        using var json = JsonDocument.Parse(File.ReadAllText(path), Lenient);
        if (!json.RootElement.TryGetProperty("profiles", out var profiles)) return null;
        foreach (var profile in profiles.EnumerateObject())
        {
            if (wanted(profile.Name, profile.Value)) return From(profile.Value);
        }

        return null;
    }

    private static LaunchProfile From(JsonElement profile)
    {
        var urls = (Text(profile, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var environment = profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.ToString())
            : [];
        return new([.. urls.Select(url => new Uri(url)).DistinctBy(url => url.Scheme)], environment);
    }

    private static string? Text(JsonElement profile, string name) => profile.TryGetProperty(name, out var value) ? value.GetString() : null;
}
