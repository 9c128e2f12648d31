using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Aigc.Disks;

namespace Aigc.Worker.Tests.Disks;

/// <summary>What holds of an engine's files wherever its disk is, and whichever way one comes to it.</summary>
public abstract class DiskContract
{
    /// <param name="Http">Comes with the right key, to where <c>files</c> is.</param>
    /// <param name="KeyHeader">Where the key is.</param>
    /// <param name="Disk">The folder; not there before something is written, where it is made by that.</param>
    internal sealed record Stage(HttpClient Http, string KeyHeader, string Disk);

    [Fact]
    public Task Only_who_has_the_key_gets_in() => RunAsync(async stage =>
    {
        var (http, header, disk) = stage;
        http.DefaultRequestHeaders.Remove(header);
        (await http.GetAsync(Folder(""))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        http.DefaultRequestHeaders.Add(header, "wrong");
        (await http.GetAsync(Folder(""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.PutAsync(Content("a.txt"), new StringContent("x"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        File.Exists(Path.Combine(disk, "a.txt")).ShouldBeFalse();
    });

    [Fact]
    public Task Files_are_written_listed_read_and_deleted() => RunAsync(async stage =>
    {
        var (http, _, disk) = stage;
        (await http.GetFromJsonAsync<DiskListing>(Folder("")))!.Entries.ShouldBeEmpty();
        var body = new byte[40_000_000];
        Random.Shared.NextBytes(body);
        (await http.PutAsync(Content("models/big.bin"), new ByteArrayContent(body))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.PutAsync(Content("a.txt"), new StringContent("hello"))).EnsureSuccessStatusCode();
        (await http.GetFromJsonAsync<DiskListing>(Folder("")))!.Entries.Select(entry => entry.Name).ShouldBe(["models", "a.txt"]);
        var listing = (await http.GetFromJsonAsync<DiskListing>(Folder("models/")))!;
        (listing.Path, listing.Entries.ShouldHaveSingleItem().Size).ShouldBe(("models", body.Length));
        (await File.ReadAllBytesAsync(Path.Combine(disk, "models/big.bin"))).AsSpan().SequenceEqual(body).ShouldBeTrue();
        (await http.GetByteArrayAsync(Content("models/big.bin"))).AsSpan().SequenceEqual(body).ShouldBeTrue();

        (await http.DeleteAsync(Folder("models"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Directory.Exists(Path.Combine(disk, "models")).ShouldBeFalse();
        await RefusedAsync(http.GetAsync(Folder("models")), HttpStatusCode.NotFound, "not-on-disk");
        await RefusedAsync(http.DeleteAsync(Folder("models")), HttpStatusCode.NotFound, "not-on-disk");
    });

    [Fact]
    public Task Parts_of_a_file_and_what_has_not_changed_are_asked_for() => RunAsync(async stage =>
    {
        var http = stage.Http;
        (await http.PutAsync(Content("图/a.png"), new StringContent("hello"))).EnsureSuccessStatusCode();
        using var part = await AskAsync(HttpMethod.Get, request => request.Headers.Range = new RangeHeaderValue(1, 3));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsStringAsync()).ShouldBe("ell");
        part.Content.Headers.ContentRange!.ToString().ShouldBe("bytes 1-3/5");
        part.Content.Headers.ContentType!.ToString().ShouldBe("image/png");
        part.Content.Headers.LastModified.ShouldNotBeNull();
        part.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        using var again = await AskAsync(HttpMethod.Get, request => request.Headers.IfNoneMatch.Add(part.Headers.ETag!));
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        again.Headers.ETag.ShouldBe(part.Headers.ETag);
        using var beyond = await AskAsync(HttpMethod.Get, request => request.Headers.Range = new RangeHeaderValue(9, null));
        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        beyond.Content.Headers.ContentRange!.ToString().ShouldBe("bytes */5");
        using var other = await AskAsync(HttpMethod.Get, request => request.Headers.IfMatch.Add(new("\"another\"")));
        other.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);

        async Task<HttpResponseMessage> AskAsync(HttpMethod method, Action<HttpRequestMessage> prepare)
        {
            using var request = new HttpRequestMessage(method, Content("图/a.png"));
            prepare(request);
            return await http.SendAsync(request);
        }
    });

    [Fact]
    public Task What_is_there_is_not_overwritten_unasked() => RunAsync(async stage =>
    {
        var (http, _, disk) = stage;
        (await http.PutAsync(Content("folder/a.txt"), new StringContent("hello"))).EnsureSuccessStatusCode();
        using var create = new HttpRequestMessage(HttpMethod.Put, Content("folder/a.txt")) { Content = new StringContent("no") };
        create.Headers.TryAddWithoutValidation("If-None-Match", "*");
        await RefusedAsync(http.SendAsync(create), HttpStatusCode.PreconditionFailed, "already-there");
        await RefusedAsync(http.PutAsync(Content("folder"), new StringContent("no")), HttpStatusCode.Conflict, "is-a-folder");
        (await File.ReadAllTextAsync(Path.Combine(disk, "folder/a.txt"))).ShouldBe("hello");
        (await http.PutAsync(Content("folder/a.txt"), new StringContent("yes"))).EnsureSuccessStatusCode();
        (await File.ReadAllTextAsync(Path.Combine(disk, "folder/a.txt"))).ShouldBe("yes");
    });

    [Fact]
    public Task Nothing_leads_out_of_the_disk() => RunAsync(async stage =>
    {
        var (http, _, disk) = stage;
        var outside = Directory.CreateDirectory(disk + "-outside").FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "secret");
        Directory.CreateDirectory(disk);
        File.CreateSymbolicLink(Path.Combine(disk, "file"), Path.Combine(outside, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(disk, "folder"), outside);
        using (var mkfifo = Process.Start("mkfifo", [Path.Combine(disk, "pipe")]))
            await mkfifo.WaitForExitAsync();

        (await http.GetFromJsonAsync<DiskListing>(Folder("")))!.Entries.ShouldBeEmpty();
        foreach (var path in new[] { "file", "folder/secret", "pipe", "../disk-outside/secret", "/etc/passwd", "a\\b" })
            (await http.GetAsync(Content(path))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        foreach (var path in new[] { "folder/new", "file", "pipe", "../new" })
            (await http.PutAsync(Content(path), new StringContent("x"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        await RefusedAsync(http.DeleteAsync(Folder("folder/secret")), HttpStatusCode.BadRequest, "not-a-plain-file");
        await RefusedAsync(http.GetAsync(Folder("folder")), HttpStatusCode.BadRequest, "not-a-plain-file");
        await RefusedAsync(http.GetAsync(Folder("../disk-outside")), HttpStatusCode.BadRequest, "bad-path");
        (await http.DeleteAsync(Folder("folder"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(Path.Combine(outside, "secret"))).ShouldBe("secret");
        Directory.GetFiles(outside).Length.ShouldBe(1);
        Directory.Delete(outside, recursive: true);
    });

    [Fact]
    public Task An_aborted_upload_leaves_nothing() => RunAsync(async stage =>
    {
        var (http, _, disk) = stage;
        using var abort = new CancellationTokenSource();
        using var content = new StreamContent(new EndlessStream());
        var upload = http.PutAsync(Content("half"), content, abort.Token);
        await Wait.UntilAsync(() => Directory.Exists(disk) && Directory.GetFiles(disk).Length == 1, "the upload to begin");
        await abort.CancelAsync();
        await Should.ThrowAsync<Exception>(upload);
        await Wait.UntilAsync(() => Directory.GetFiles(disk).Length == 0, "the upload to be cleared away");
    });

    /// <summary>Runs a test on a disk of its own.</summary>
    private protected abstract Task RunAsync(Func<Stage, Task> test);

    private protected static string Folder(string path) => $"files?path={Uri.EscapeDataString(path)}";

    private protected static string Content(string path) => $"files/content?path={Uri.EscapeDataString(path)}";

    private static async Task RefusedAsync(Task<HttpResponseMessage> asked, HttpStatusCode status, string type)
    {
        using var answer = await asked;
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, body);
        body.ShouldContain($"\"urn:aigc:problem:{type}\"");
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
