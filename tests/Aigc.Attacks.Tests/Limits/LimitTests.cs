using Aigc.Attacks.Tests.Stage;
using Aigc.Testing;

namespace Aigc.Attacks.Tests.Limits;

/// <summary>More than one person or address is meant to ask for, against a product of its own that allows little.</summary>
[Collection(nameof(OneTheatre))] // One product at a time.
public sealed class LimitTests : IAsyncLifetime
{
    private const int Allowed = 8;
    private const int Flood = 400;

    private readonly Product _product = new();

    public async Task InitializeAsync()
    {
        foreach (var limit in new[] { "SignInsPerAddress", "FailuresPerAddress", "WakesPerPerson" })
            _product.Environment[$"Limits__{limit}"] = $"{Allowed}";
        _product.Environment["Limits__CallsPerPerson"] = "200";
        _product.Environment["Limits__AwakePerPerson"] = "1";
        await _product.StartAsync();
    }

    public async Task DisposeAsync() => await _product.DisposeAsync();

    [Fact]
    public async Task Floods_are_refused_with_the_time_to_wait_and_wake_nothing()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        var token = $"Authorization: Bearer {await Cast.NewTokenAsync(alice)}";
        var (first, second) = (await alice.TakeAsync("demo"), await alice.TakeAsync("demo"));

        await FloodAsync("GET", first.Url.Authority, "/", index => $"Authorization: Bearer aigc_guess{index}", 401);
        await FloodAsync("GET", first.Url.Authority, "/", index => $"Cookie: aigc-engine=guess{index}", 401, 302);
        await FloodAsync("GET", Dashboard, "/login?returnUrl=/", _ => "X-None: x", 302);
        (await DesiredAsync(first)).ShouldBe(("Asleep", 1));

        // Whoever has signed in at the same address does not suffer for it.
        await first.AskAsync("wake");
        await first.ReachesAsync("Ready");
        await Testing.Eventually.TrueAsync("the address may present tokens again", TimeSpan.FromSeconds(20), async () =>
            (await Raw.SendAsync(_product.Port, "GET", Dashboard, "/api/v1/me", [token])).Status == 200);
        var full = await Raw.SendAsync(_product.Port, "POST", Dashboard, $"/api/v1/engines/{second.Id}/wake", [token, "Content-Length: 0"]);
        full.ShouldBeRefused(409).Text.ShouldContain("urn:aigc:problem:too-many-awake");
        (await Raw.SendAsync(_product.Port, "GET", second.Url.Authority, "/", [token, "Accept: text/html", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"])).ShouldBeRefused(409);
        (await DesiredAsync(second)).ShouldBe(("Asleep", 1));

        await FloodAsync("POST", Dashboard, $"/api/v1/engines/{second.Id}/wake", _ => token, 409);
        (await DesiredAsync(second)).ShouldBe(("Asleep", 1));

        await FloodAsync("GET", Dashboard, "/api/v1/me", _ => token, 200);
    }

    private static async Task<(string, long)> DesiredAsync(TakenEngine engine)
    {
        var now = await engine.ReadAsync();
        return (now["desired"]!.GetValue<string>(), now["generation"]!.GetValue<long>());
    }

    private string Dashboard => $"localhost:{_product.Port}";

    private async Task FloodAsync(string method, string host, string target, Func<int, string> header, params int[] before)
    {
        for (var index = 0; index < Flood; index++)
        {
            var answer = await Raw.SendAsync(_product.Port, method, host, target, [header(index), "Content-Length: 0"]);
            if (answer.Status == 429)
            {
                int.Parse(answer.Header("Retry-After").ShouldHaveSingleItem(), System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 60);
                return;
            }

            before.ShouldContain(answer.Status, answer.Text);
        }

        throw new ShouldAssertException($"{Flood} times {method} {target} was answered and never with 429");
    }
}
