using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aigc.Testing;

namespace Aigc.EndToEnd.Tests;

[Collection(nameof(OneProduct))]
public sealed class MainJobTests(ProductFixture fixture)
{
    private readonly Product _product = fixture.Product;

    [Fact]
    public async Task An_artist_signs_in_takes_visits_works_leaves_and_finds_everything_on_return()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        (await alice.CallAsync(HttpMethod.Get, "api/v1/templates")).AsArray().Select(template => template!["name"]!.GetValue<string>()).ShouldContain("demo");
        var engine = await alice.TakeAsync("quick");
        (await engine.StateAsync()).ShouldBe("Asleep");

        (await engine.NavigateAsync()).StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
        var image = await GenerateAsync(engine, "a lighthouse at dusk", 7);
        await engine.AskAsync("sleep");
        await engine.ReachesAsync("Asleep");
        Processes.Find(_product.Data, engine.Id).ShouldBeEmpty("the engine gave its compute back");

        (await GenerateAsync(engine, "a lighthouse at dusk", 7)).ShouldBe(image, "the visit woke it, and the same prompt and seed give the same picture");
        var files = await alice.CallAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}/files?path=outputs");
        files["entries"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_opens_anothers_engine_and_nothing_wakes()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        using var bob = await _product.Person("bob").SignInAsync();
        using var admin = await _product.Person("admin").SignInAsync();
        var engine = await alice.TakeAsync("quick");

        foreach (var stranger in new[] { bob, admin })
        {
            var theirs = engine with { Owner = stranger };
            (await theirs.NavigateAsync()).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await bob.SendAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.SendAsync(HttpMethod.Post, $"api/v1/engines/{engine.Id}/wake")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var signedOut = _product.Person("nobody");
        var out401 = await signedOut.Http.GetAsync(new Uri(engine.Url, "sdapi/v1/progress"));
        out401.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await engine.ReadAsync())["desired"]!.GetValue<string>().ShouldBe("Asleep");
    }

    [Fact]
    public async Task A_thousand_simultaneous_visits_start_it_once_and_none_fails()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("quick");
        var token = (await alice.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "load", expiresInDays = 1 }))["token"]!.GetValue<string>();
        using var client = new HttpClient(alice.Handler(redirects: false)) { Timeout = TimeSpan.FromMinutes(2) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(engine.Url, "sdapi/v1/sd-models"));
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }));

        answers.ShouldAllBe(status => status == HttpStatusCode.OK);
        (await engine.ReadAsync())["generation"]!.GetValue<long>().ShouldBe(2);
        Processes.Find(_product.Data, "Aigc.DemoEngine.dll").Count(pid => Processes.CommandOf(pid).Contains(engine.Id, StringComparison.Ordinal)
            && !Processes.CommandOf(pid).StartsWith("sh", StringComparison.Ordinal) && !Processes.CommandOf(pid).StartsWith("/bin/sh", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_generation_longer_than_the_idle_timeout_is_not_cut_when_the_browser_is_closed()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("dozer");
        await engine.NavigateAsync();
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");

        // 60 steps of 0.2 s: 12 s of work against 5 s of idle timeout, queued and left alone.
        var prompt = new JsonObject
        {
            ["prompt"] = new JsonObject
            {
                ["1"] = new JsonObject { ["class_type"] = "CLIPTextEncode", ["inputs"] = new JsonObject { ["text"] = "a long night" } },
                ["2"] = new JsonObject { ["class_type"] = "EmptyLatentImage", ["inputs"] = new JsonObject { ["width"] = 128, ["height"] = 128, ["batch_size"] = 1 } },
                ["3"] = new JsonObject { ["class_type"] = "KSampler", ["inputs"] = new JsonObject { ["seed"] = 3, ["steps"] = 60, ["positive"] = new JsonArray("1", 0), ["latent_image"] = new JsonArray("2", 0) } },
            },
            ["client_id"] = "closed-tab",
        };
        using (var queued = await engine.VisitAsync("prompt", HttpMethod.Post, JsonContent.Create(prompt)))
            queued.StatusCode.ShouldBe(HttpStatusCode.OK, await queued.Content.ReadAsStringAsync());

        await engine.ReachesAsync("Asleep", TimeSpan.FromSeconds(60));
        (await OutputsAsync(engine)).ShouldBe(1, "the picture was finished before the engine slept");
    }

    [Fact]
    public async Task An_idle_engine_falls_asleep_and_a_visit_wakes_it_again()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("dozer");
        await GenerateAsync(engine, "first", 1);
        await engine.ReachesAsync("Asleep", TimeSpan.FromSeconds(40));
        Processes.Find(_product.Data, engine.Id).ShouldBeEmpty();
        await GenerateAsync(engine, "second", 2);
        (await OutputsAsync(engine)).ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_keeps_or_removes_the_disk_as_asked()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        foreach (var (disk, stays) in new[] { ("keep", true), ("remove", false) })
        {
            var engine = await alice.TakeAsync("quick");
            await GenerateAsync(engine, "kept?", 1);
            await alice.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}?disk={disk}");
            await Eventually.TrueAsync("the engine is gone", TimeSpan.FromSeconds(20), async () =>
                (await alice.SendAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}")).StatusCode == HttpStatusCode.NotFound);
            var folder = Path.Combine(_product.Data, "engines", engine.Id, "disk", "outputs");
            Directory.Exists(folder).ShouldBe(stays);
            Processes.Find(_product.Data, engine.Id).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_kept_disk_is_taken_back_with_everything_on_it_and_by_its_owner_alone()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        using var bob = await _product.Person("bob").SignInAsync();
        var engine = await alice.TakeAsync("quick");
        await GenerateAsync(engine, "kept", 1);
        await alice.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}");
        await Eventually.TrueAsync("the disk is kept", TimeSpan.FromSeconds(20), async () =>
            (await alice.CallAsync(HttpMethod.Get, "api/v1/disks")).AsArray().Any(disk => disk!["id"]!.GetValue<string>() == engine.Id));

        (await bob.SendAsync(HttpMethod.Post, "api/v1/engines", new { disk = engine.Id })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var again = await alice.CallAsync(HttpMethod.Post, "api/v1/engines", new { disk = engine.Id });
        again["url"]!.GetValue<string>().ShouldBe(engine.Url.ToString());
        (await OutputsAsync(engine)).ShouldBe(1);
        await GenerateAsync(engine, "and on", 2);
    }

    [Theory]
    [InlineData("Aigc.Worker")]
    [InlineData("Aigc.Proxy")]
    [InlineData("Aigc.Api")]
    public async Task A_service_killed_during_a_generation_loses_no_image_no_engine_and_no_sign_in(string service)
    {
        using var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("quick");
        await GenerateAsync(engine, "before", 1);
        var process = Processes.Find(_product.Data, engine.Id);
        var running = GenerateAsync(engine, "during", 2, steps: 150);
        await Eventually.TrueAsync("the generation runs", TimeSpan.FromSeconds(10), async () =>
        {
            using var progress = await engine.VisitAsync("sdapi/v1/progress");
            return JsonNode.Parse(await progress.Content.ReadAsStringAsync())!["state"]!["job_count"]!.GetValue<int>() > 0;
        });

        await _product.KillAsync(service);
        try
        {
            await running;
        }
        catch (Exception exception) when (service == "Aigc.Proxy" && exception is HttpRequestException or IOException)
        {
            // The connection went with the proxy; the picture did not.
        }

        await Eventually.TrueAsync("both pictures are on the disk", TimeSpan.FromSeconds(20), async () => await OutputsAsync(engine) == 2);
        (await engine.StateAsync()).ShouldBe("Ready");
        Processes.Find(_product.Data, engine.Id).ShouldBe(process, ignoreOrder: true);
        (await alice.CallAsync(HttpMethod.Get, "api/v1/me"))["userName"]!.GetValue<string>().ShouldBe("alice");
        await GenerateAsync(engine, "after", 3);
    }

    internal static async Task<string> GenerateAsync(TakenEngine engine, string prompt, long seed, int steps = 4)
    {
        // A navigation first: it brings the cookie of this engine's host.
        await engine.NavigateAsync();
        using var answer = await engine.VisitAsync("sdapi/v1/txt2img", HttpMethod.Post, JsonContent.Create(new { prompt, seed, steps, width = 128, height = 128 }));
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!["images"]![0]!.GetValue<string>();
    }

    private static async Task<int> OutputsAsync(TakenEngine engine) =>
        (await engine.Owner.CallAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}/files?path=outputs"))["entries"]!.AsArray().Count;
}
