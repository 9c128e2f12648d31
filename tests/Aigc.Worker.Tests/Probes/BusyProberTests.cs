using System.Net;
using System.Net.Sockets;
using Aigc.Engines.Templates;
using Aigc.Worker.Probes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aigc.Worker.Tests.Probes;

/// <summary>What an engine says, or does not say, must never be taken for "nobody works" by mistake.</summary>
public sealed class BusyProberTests
{
    [Fact]
    public async Task What_cannot_be_read_is_unknown_and_what_does_not_answer_has_failed()
    {
        var (app, address) = await Backend.StartAsync(app =>
        {
            app.MapGet("/401", () => Results.StatusCode(401));
            app.MapGet("/500", () => Results.StatusCode(500));
            app.MapGet("/garbage", () => Results.Bytes(new byte[] { 0xff, 0xfe, 0, 1 }));
            app.MapGet("/deep", () => Results.Text(new string('[', 5000)));
            app.MapGet("/big", () => Results.Text("[" + new string(' ', 2_000_000) + "1]"));
            app.MapGet("/endless", async (HttpContext context) =>
            {
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.WriteAsync(new string(' ', 65536), context.RequestAborted);
            });
            app.MapGet("/drop", (HttpContext context) => context.Abort());
            app.MapGet("/hang", (CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));
        });
        using var probes = new BusyProbes();
        await using (app)
        {
            foreach (var path in new[] { "/401", "/500", "/garbage", "/deep", "/big", "/endless" })
                (await probes.AskAsync(address, new(BusyProbeKind.Json, path, ""))).State.ShouldBe(Busyness.Unknown, path);
            (await probes.AskAsync(address, new(BusyProbeKind.Json, "/401", ""))).Detail.ShouldContain("own sign-in");
            foreach (var path in new[] { "/drop", "/hang" })
                (await probes.AskAsync(address, new(BusyProbeKind.Json, path, ""))).State.ShouldBe(Busyness.Failed, path);
        }

        (await probes.AskAsync(address, new(BusyProbeKind.A1111))).State.ShouldBe(Busyness.Failed, "nobody listens");
    }

    [Fact]
    public async Task A_queue_is_counted()
    {
        var (app, address) = await Backend.StartAsync(app => app.MapGet("/queue", () => """{"queue_running":[[1]],"queue_pending":[[2],[3]]}"""));
        await using var _ = app;
        using var probes = new BusyProbes();
        (await probes.AskAsync(address, new(BusyProbeKind.ComfyUi))).Jobs.ShouldBe(3);
    }

    [Fact]
    public async Task An_engine_with_its_own_sign_in_is_asked_with_the_operators_secret()
    {
        var (app, address) = await Backend.StartAsync(app => app.MapGet("/queue", (HttpRequest request) =>
            request.Headers.Authorization == "Bearer s3cret" ? Results.Text("""{"queue_running":[],"queue_pending":[]}""") : Results.StatusCode(401)));
        await using var _ = app;
        var probe = new BusyProbe(BusyProbeKind.ComfyUi) { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer {comfyToken}" } };
        using var with = new BusyProbes(options => options.Variables["comfyToken"] = "s3cret");
        (await with.AskAsync(address, probe)).State.ShouldBe(Busyness.Idle);
        using var without = new BusyProbes();
        var answer = await without.AskAsync(address, probe);
        (answer.State, answer.Detail).ShouldBe((Busyness.Unknown, "needs the setting Probes:Variables:comfyToken"));
    }

    [Fact]
    public async Task A_port_says_busy_while_it_accepts_connections()
    {
        using var probes = new BusyProbes();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var probe = new BusyProbe(BusyProbeKind.Tcp) { Port = ((IPEndPoint)listener.LocalEndpoint).Port };
        (await probes.AskAsync(new("http://127.0.0.1:1/"), probe)).State.ShouldBe(Busyness.Busy);
        listener.Stop();
        (await probes.AskAsync(new("http://127.0.0.1:1/"), probe)).State.ShouldBe(Busyness.Idle);
    }

    [Fact]
    public async Task The_gpu_of_the_engines_own_pod_decides_and_engines_share_a_reading()
    {
        var (asked, text) = (0, "");
        var (app, address) = await Backend.StartAsync(app => app.MapGet("/metrics", () =>
        {
            Interlocked.Increment(ref asked);
            return text;
        }));
        await using var _ = app;
        using var probes = new BusyProbes(options => options.DcgmUrl = new(address, "/metrics"));
        text = $$"""
            # HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
            DCGM_FI_DEV_MEM_COPY_UTIL{gpu="0",pod="engine-{{probes.Engine}}-7d4b-x"} 99
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",container="engine",namespace="aigc",pod="engine-other-1"} 98
            DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-2",container="engine",exported_pod="engine-{{probes.Engine}}-7d4b-x",pod="dcgm-exporter-1"} 37
            """;
        var answer = await probes.AskAsync(address, new(BusyProbeKind.Dcgm));
        (answer.State, answer.Jobs).ShouldBe((Busyness.Busy, 37));
        (await probes.AskAsync(address, new(BusyProbeKind.Dcgm) { Above = 40 })).State.ShouldBe(Busyness.Idle);
        asked.ShouldBe(1);
    }

    [Theory]
    [InlineData("", Busyness.Unknown)]
    [InlineData("<html>", Busyness.Unknown)]
    [InlineData("DCGM_FI_DEV_GPU_UTIL{pod=\"engine-b-1\"} 50", Busyness.Unknown)]
    [InlineData("DCGM_FI_DEV_GPU_UTIL{pod=\"engine-ab-1\"} 50", Busyness.Unknown)]
    [InlineData("DCGM_FI_DEV_GPU_UTIL{pod=\"engine-a-1\"} 5", Busyness.Idle)]
    [InlineData("DCGM_FI_DEV_GPU_UTIL{pod=\"engine-a-1\"} 0\nDCGM_FI_DEV_GPU_UTIL{pod=\"engine-a-1\"} 6e1", Busyness.Busy)]
    [InlineData("DCGM_FI_DEV_GPU_UTIL{pod=\"engine-a-1\"} NaN", Busyness.Unknown)]
    public void Only_a_reading_of_the_engines_pod_says_anything(string text, Busyness expected) =>
        GpuReadings.Judge(text, "engine-a", 5).State.ShouldBe(expected);

    [Fact]
    public async Task Without_an_address_nobody_can_tell()
    {
        using var probes = new BusyProbes();
        (await probes.AskAsync(new("http://127.0.0.1:1/"), new(BusyProbeKind.Dcgm))).Detail.ShouldContain("Probes:DcgmUrl");
    }
}
