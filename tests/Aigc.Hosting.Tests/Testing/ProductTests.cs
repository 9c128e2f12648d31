using System.Net;

namespace Aigc.Hosting.Tests.Testing;

/// <summary>The whole product in a test, as Aspire's own test host runs it.</summary>
public sealed class ProductTests
{
    [Fact]
    public async Task It_starts_survives_a_killed_service_and_leaves_nothing()
    {
        var data = Directory.CreateTempSubdirectory("aigc-hosting-");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Aigc_AppHost>(["--AIGC_PORT=0", "--AIGC_STORES=embedded", $"--AIGC_DATA_DIR={data.FullName}"], patience.Token);
        int[] pids;
        await using (var app = await builder.BuildAsync(patience.Token))
        {
            await app.StartAsync(patience.Token);
            var proxy = await app.ResourceNotifications.WaitForResourceHealthyAsync("proxy", patience.Token);
            using (var client = app.CreateHttpClient("proxy"))
                (await client.GetAsync("/health", patience.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

            var killed = Run.PidOf(proxy);
            Processes.Signal(killed, "KILL");
            var next = await app.ResourceNotifications.WaitForResourceAsync(
                "proxy", change => change.Snapshot.Text("executable.pid") is { } pid && pid != $"{killed}" && change.Snapshot.HealthStatus is not null, patience.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("proxy", patience.Token);
            Run.PidOf(next).ShouldNotBe(killed);
            using var again = app.CreateHttpClient("proxy");
            (await again.GetAsync("/health", patience.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
            pids = [.. Processes.Find(data.FullName, "")];
            pids.Length.ShouldBeGreaterThanOrEqualTo(4);
        }

        pids.Where(Run.Exists).Commands().ShouldBeEmpty();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task What_stands_in_the_way_of_an_AppHost_is_told()
    {
        var failure = await Should.ThrowAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Aigc_AppHost>(["--AIGC_DATA_DIR=/proc/aigc"]));
        failure.Message.ShouldContain("ended before it built");
    }
}
