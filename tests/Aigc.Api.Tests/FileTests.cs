using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Aigc.Api.Tests.Harness;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class FileTests(RunningApi api)
{
    [Fact]
    public async Task A_file_above_every_default_limit_is_uploaded_whole()
    {
        using var alice = await api.SignInAsync("alice");
        var path = await FilesAsync(alice);
        var model = RandomNumberGenerator.GetBytes(40_000_000);
        using var answer = await alice.SendAsync(HttpMethod.Put, $"{path}/content?path=models%2Fa%20b.bin", new ByteArrayContent(model));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Worker.Written.ShouldBe($"models/a b.bin {Convert.ToHexString(SHA256.HashData(model))}");
    }

    [Fact]
    public async Task What_an_engine_wrote_cannot_act_on_our_host()
    {
        using var alice = await api.SignInAsync("alice");
        var path = await FilesAsync(alice);
        using var page = await alice.GetAsync($"{path}/content?path=out%2Fx.html&inline=true");
        page.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox");
        page.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        using var picture = await alice.GetAsync($"{path}/content?path=out%2Fx.png&inline=true");
        picture.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("inline");
        (await picture.Content.ReadAsByteArrayAsync()).ShouldBe(new byte[] { 1, 2, 3, 4 });
        using var download = await alice.GetAsync($"{path}/content?path=out%2Fx.png");
        download.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        (await alice.GetAsync(path.Replace("/files", "/log?lines=7", StringComparison.Ordinal))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_site_cannot_overwrite_a_file_even_with_a_form()
    {
        using var alice = await api.SignInAsync("alice");
        var path = await FilesAsync(alice);
        alice.Antiforgery = null;
        var form = new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };
        await Visitor.ProblemAsync(alice.SendAsync(HttpMethod.Put, $"{path}/content?path=x", form), HttpStatusCode.BadRequest, "antiforgery");
    }

    private static async Task<string> FilesAsync(Visitor visitor) => $"/api/v1/engines/{(await visitor.TakeAsync()).Id}/files";
}
