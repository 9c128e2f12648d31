using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Aigc.Engines.Disks;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Disks;
using Aigc.Worker.Local;
using Aigc.Worker.Runtimes;
using Aigc.Worker.Tests.Local;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Worker.Tests.Disks;

public sealed class DiskEndpointTests
{
    private const string Key = "0123456789abcdef0123";

    [Fact]
    public Task Only_the_gateway_gets_in() => RunAsync(async (http, _, engine) =>
    {
        http.DefaultRequestHeaders.Remove(GatewayOptions.KeyHeader);
        (await http.GetAsync(Url(engine, ""))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        http.DefaultRequestHeaders.Add(GatewayOptions.KeyHeader, "wrong");
        (await http.GetAsync(Url(engine, ""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    });

    [Fact]
    public Task Files_are_written_listed_read_and_deleted() => RunAsync(async (http, disk, engine) =>
    {
        (await http.GetFromJsonAsync<DiskListing>(Url(engine, "")))!.Entries.ShouldBeEmpty();
        var body = new byte[40_000_000];
        Random.Shared.NextBytes(body);
        (await http.PutAsync(Content(engine, "models/big.bin"), new ByteArrayContent(body))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.PutAsync(Content(engine, "a.txt"), new StringContent("hello"))).EnsureSuccessStatusCode();
        (await http.GetFromJsonAsync<DiskListing>(Url(engine, "")))!.Entries.Select(entry => entry.Name).ShouldBe(["models", "a.txt"]);
        (await File.ReadAllBytesAsync(Path.Combine(disk, "models/big.bin"))).AsSpan().SequenceEqual(body).ShouldBeTrue();

        using var range = new HttpRequestMessage(HttpMethod.Get, Content(engine, "a.txt"));
        range.Headers.Range = new RangeHeaderValue(1, 3);
        using var part = await http.SendAsync(range);
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsStringAsync()).ShouldBe("ell");
        part.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        part.Headers.ETag.ShouldNotBeNull();

        using var create = new HttpRequestMessage(HttpMethod.Put, Content(engine, "a.txt")) { Content = new StringContent("no") };
        create.Headers.TryAddWithoutValidation("If-None-Match", "*");
        (await http.SendAsync(create)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await http.DeleteAsync(Url(engine, "models"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Directory.Exists(Path.Combine(disk, "models")).ShouldBeFalse();
    });

    [Fact]
    public Task Nothing_leads_out_of_the_disk() => RunAsync(async (http, disk, engine) =>
    {
        var outside = Directory.CreateDirectory(disk + "-outside").FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "secret");
        Directory.CreateDirectory(disk);
        File.CreateSymbolicLink(Path.Combine(disk, "file"), Path.Combine(outside, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(disk, "folder"), outside);
        using (var mkfifo = Process.Start("mkfifo", [Path.Combine(disk, "pipe")]))
            await mkfifo.WaitForExitAsync();

        foreach (var path in new[] { "file", "folder/secret", "pipe", "../disk-outside/secret", "/etc/passwd", "a\\b" })
            (await http.GetAsync(Content(engine, path))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        foreach (var path in new[] { "folder/new", "file", "pipe", "../new" })
            (await http.PutAsync(Content(engine, path), new StringContent("x"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        (await http.DeleteAsync(Url(engine, "folder/secret"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await http.DeleteAsync(Url(engine, "folder"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(Path.Combine(outside, "secret"))).ShouldBe("secret");
        Directory.GetFiles(outside).Length.ShouldBe(1);
    });

    [Fact]
    public Task An_aborted_upload_leaves_nothing() => RunAsync(async (http, disk, engine) =>
    {
        using var abort = new CancellationTokenSource();
        using var content = new StreamContent(new EndlessStream());
        var upload = http.PutAsync(Content(engine, "half"), content, abort.Token);
        await Wait.UntilAsync(() => Directory.Exists(disk) && Directory.GetFiles(disk).Length == 1, "the upload to begin");
        await abort.CancelAsync();
        await Should.ThrowAsync<Exception>(upload);
        await Wait.UntilAsync(() => Directory.GetFiles(disk).Length == 0, "the upload to be cleared away");
    });

    [Fact]
    public void A_full_disk_is_told_from_other_errors()
    {
        DiskProblemFilter.IsFull(new IOException("full", 28)).ShouldBeTrue();
        DiskProblemFilter.IsFull(new IOException("other", 5)).ShouldBeFalse();
    }

    private static string Url(EngineId engine, string path) => $"/internal/engines/{engine}/files?path={Uri.EscapeDataString(path)}";

    private static string Content(EngineId engine, string path) => $"/internal/engines/{engine}/files/content?path={Uri.EscapeDataString(path)}";

    private static async Task RunAsync(Func<HttpClient, string, EngineId, Task> test)
    {
        await using var machine = new LocalMachine();
        var (app, address) = await Backend.StartAsync(app => app.MapDisks(), services => services
            .Configure<GatewayOptions>(options => options.Key = Key)
            .AddSingleton(machine.Data).AddSingleton<IEngineLogs>(new LocalEngineLogs(machine.Data)).AddSingleton<DiskFiles>());
        await using var _ = app;
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add(GatewayOptions.KeyHeader, Key);
        var engine = EngineId.New();
        await test(http, machine.Data.DiskOf(engine), engine);
    }

    /// <summary>Trickles for ever.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
            return Math.Min(buffer.Length, 1000);
        }
    }
}
