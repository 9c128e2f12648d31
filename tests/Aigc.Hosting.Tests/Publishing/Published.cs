using System.Diagnostics;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Aigc.Hosting.Tests.Publishing;

/// <summary>What the product's AppHost publishes, as a process of its own, as tools start it.</summary>
internal sealed class Published : IDisposable
{
    public static readonly string[] Needed =
    [
        "--Values:config:public_url:value=https://aigc.example.com",
        "--Values:config:engine_domain:value=engines.example.net",
        "--Values:config:identity_authority:value=https://login.example.com",
        "--Values:secrets:identity_client_secret:value=for-tests-alone",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-publish-");

    private Published()
    {
    }

    public int ExitCode { get; private set; }

    public string Errors { get; private set; } = "";

    public IEnumerable<string> Files => Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_folder.FullName, file)).Order(StringComparer.Ordinal);

    public static async Task<Published> RunAsync(params string[] arguments)
    {
        var published = new Published();
        await published.AgainAsync(arguments);
        return published;
    }

    public static async Task<Published> RunWithoutOutputAsync(params string[] arguments)
    {
        var published = new Published();
        await published.StartAsync(arguments);
        return published;
    }

    public Task AgainAsync(params string[] arguments) => StartAsync([.. arguments, "--output-path", _folder.FullName]);

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public string Read(string file) => File.ReadAllText(PathOf(file));

    public JsonObject Json(string file) => JsonNode.Parse(Read(file))!.AsObject();

    public YamlMappingNode Yaml(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Read(file)));
        return (YamlMappingNode)stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task StartAsync(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Aigc.AppHost.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        Errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        ExitCode = process.ExitCode;
    }
}
