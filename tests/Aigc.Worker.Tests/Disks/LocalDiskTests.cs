using Aigc.Disks;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Disks;
using Aigc.Worker.Local;
using Aigc.Worker.Runtimes;
using Aigc.Worker.Tests.Local;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Worker.Tests.Disks;

/// <summary>Disks that are folders of the worker's machine.</summary>
public sealed class LocalDiskTests : DiskContract
{
    private const string Key = "0123456789abcdef0123";

    [Fact]
    public void A_full_disk_is_told_from_other_errors()
    {
        DiskProblemFilter.IsFull(new IOException("full", 28)).ShouldBeTrue();
        DiskProblemFilter.IsFull(new IOException("other", 5)).ShouldBeFalse();
    }

    private protected override async Task RunAsync(Func<Stage, Task> test)
    {
        await using var machine = new LocalMachine();
        var (app, address) = await Backend.StartAsync(app => app.MapDisks(), services => services
            .Configure<GatewayOptions>(options => options.Key = Key)
            .AddSingleton(machine.Data).AddSingleton<IEngineLogs>(new LocalEngineLogs(machine.Data)).AddSingleton<IEngineFiles, LocalEngineFiles>());
        await using var _ = app;
        var engine = EngineId.New();
        using var http = new HttpClient { BaseAddress = new(address, $"/internal/engines/{engine}/") };
        http.DefaultRequestHeaders.Add(GatewayOptions.KeyHeader, Key);
        await test(new(http, GatewayOptions.KeyHeader, machine.Data.DiskOf(engine)));
    }
}
