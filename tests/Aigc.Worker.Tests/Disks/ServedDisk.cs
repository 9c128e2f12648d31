using Aigc.Disk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aigc.Worker.Tests.Disks;

/// <summary>A disk with the program of ours that serves it, composed as its <c>Program</c> does.</summary>
internal sealed class ServedDisk : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private ServedDisk(WebApplication app, string folder) => (_app, _folder) = (app, folder);

    public Uri Address => new(_app.Urls.Single());

    public string Disk => Path.Combine(_folder, "disk");

    public static async Task<ServedDisk> StartAsync(string key)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-disk-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Disk:Path"] = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName,
            ["Disk:Key"] = key,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddDisk();
        var app = builder.Build();
        app.MapDisk();
        await app.StartAsync();
        return new(app, folder);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
