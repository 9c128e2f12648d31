using System.Net;
using System.Text.Json.Nodes;
using Aigc.Testing;

namespace Aigc.EndToEnd.Tests;

/// <summary>Engines that misbehave: people are told what happened and what to do, and nothing is left behind.</summary>
[Collection(nameof(OneProduct))]
public sealed class BadEngineTests(ProductFixture fixture)
{
    private readonly Product _product = fixture.Product;

    [Fact]
    public async Task One_that_exits_at_once_has_failed_with_its_last_words()
    {
        var (engine, failed) = await FailAsync("exits", Templates.Shell("exits", "echo no such model >&2; exit 3"));
        failed["reasonCode"]!.GetValue<string>().ShouldBe("exited");
        failed["reason"]!.GetValue<string>().ShouldContain("no such model");
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task One_that_never_listens_has_failed_in_time()
    {
        var (engine, failed) = await FailAsync("mute", Templates.Shell("mute", "exec sleep 1000", startTimeout: "2s"));
        failed["reasonCode"]!.GetValue<string>().ShouldBe("never-listened");
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task One_that_only_answers_errors_has_failed_in_time()
    {
        var (engine, failed) = await FailAsync(
            "broken", Templates.Demo("broken", "30m", "00:00:00.1", loadingDelay: "01:00:00", startTimeout: "4s"));
        failed["reasonCode"]!.GetValue<string>().ShouldBe("never-ready");
        failed["reason"]!.GetValue<string>().ShouldContain("503");
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task One_whose_command_is_missing_names_it()
    {
        var yaml = Templates.Shell("missing", "true").Replace("command: sh", "command: no-such-program-here", StringComparison.Ordinal);
        var (_, failed) = await FailAsync("missing", yaml);
        failed["reasonCode"]!.GetValue<string>().ShouldBe("command-missing");
        failed["reason"]!.GetValue<string>().ShouldContain("no-such-program-here");
    }

    [Fact]
    public async Task One_that_listens_late_is_waited_for()
    {
        using var admin = await _product.Person("admin").SignInAsync();
        await admin.OfferAsync("late", Templates.Demo("late", "30m", "00:00:00.02", loadingDelay: "00:00:03"));
        using var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("late");
        await MainJobTests.GenerateAsync(engine, "patience", 1);
    }

    [Fact]
    public async Task One_that_dies_while_it_answers_is_reported_and_comes_back_when_asked()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("quick");
        await MainJobTests.GenerateAsync(engine, "before", 1);
        HttpStatusCode? status = null;
        try
        {
            using var answer = await engine.VisitAsync("demo/crash");
            status = answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // Dropped half way: the client is told by the connection.
        }

        if (status is not null)
            ((int)status).ShouldBeGreaterThanOrEqualTo(500);
        await engine.ReachesAsync("Failed");
        await NothingIsLeftAsync(engine);
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");
        await MainJobTests.GenerateAsync(engine, "after", 2);
    }

    [Fact]
    public async Task A_wrong_template_is_refused_with_its_line_and_field()
    {
        using var admin = await _product.Person("admin").SignInAsync();
        using var answer = await admin.SendAsync(HttpMethod.Put, "api/v1/templates/wrong", "name: wrong\ntitle: Wrong\nidleTimeout: soon\n");
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        problem["errors"]!.AsArray().ShouldContain(error => error!["field"]!.GetValue<string>() == "idleTimeout" && error["line"]!.GetValue<int>() == 3);
        (await admin.SendAsync(HttpMethod.Get, "api/v1/templates")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_unknown_host_is_a_clear_404()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        using var answer = await alice.Http.GetAsync($"http://no-such-engine.localhost:{_product.Port}/");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<(TakenEngine Engine, JsonNode Failed)> FailAsync(string name, string yaml)
    {
        using var admin = await _product.Person("admin").SignInAsync();
        await admin.OfferAsync(name, yaml);
        var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync(name);
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Failed");
        using var page = await engine.NavigateAsync();
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        return (engine, await engine.ReadAsync());
    }

    private async Task NothingIsLeftAsync(TakenEngine engine) =>
        await Eventually.TrueAsync("no process is left", TimeSpan.FromSeconds(15), () => Processes.Find(_product.Data, engine.Id).Count == 0);
}
