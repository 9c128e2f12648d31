using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Identity.Tests.Harness;

namespace Aigc.Identity.Tests.Vectors;

/// <summary>Whoever gets a token past these checks is whoever they say they are.</summary>
public sealed class VectorTests : IAsyncLifetime
{
    private const string Audience = "aigc-api";

    private readonly Gateway _gateway = new();
    private HandmadeProvider _provider = null!;

    public async Task InitializeAsync()
    {
        _provider = await HandmadeProvider.StartAsync();
        await _gateway.StartAsync(new(_provider.Issuer));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Tokens_made_with_jose_are_told_apart()
    {
        var packages = await NodePackages.InstallAsync("jose@6.2.17");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "vectors", "jose.mjs"), packages, _provider.Issuer, Audience])
        {
            RedirectStandardOutput = true,
        })!;
        var made = JsonNode.Parse(await node.StandardOutput.ReadToEndAsync())!;
        _provider.Keys = made["keys"]!.DeepClone().AsArray();
        await CheckAsync(made["tokens"].Deserialize<List<Vector>>(JsonSerializerOptions.Web)!, refused: 40, accepted: 13);
    }

    [Fact]
    public async Task Tokens_made_by_hand_are_told_apart()
    {
        using var tokens = new HandmadeTokens(_provider.Issuer, Audience);
        _provider.Keys = tokens.Keys();
        await CheckAsync([.. tokens.All()], refused: 40, accepted: 6);
    }

    [Fact]
    public async Task Unknown_keys_do_not_make_the_gateway_hammer_the_provider()
    {
        using var tokens = new HandmadeTokens(_provider.Issuer, Audience);
        _provider.Keys = tokens.Keys();
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForAsync(0, 200, async (number, _) =>
        {
            using var visitor = _gateway.Visitor(tokens.Make($$"""{"alg":"RS256","kid":"made-up-{{number}}"}""", tokens.Claims()));
            (await visitor.StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        });
        var most = 3 + (int)(TimeProvider.System.GetElapsedTime(began) / TimeSpan.FromSeconds(2));
        _provider.KeysRead.ShouldBeInRange(1, most);
        using var vera = _gateway.Visitor(tokens.Sign());
        (await vera.StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    private async Task CheckAsync(List<Vector> vectors, int refused, int accepted)
    {
        vectors.Count(vector => !vector.Good).ShouldBeGreaterThanOrEqualTo(refused);
        vectors.Count(vector => vector.Good).ShouldBe(accepted);
        vectors.Select(vector => vector.Token).Distinct().Count().ShouldBe(vectors.Count, "each is a token of its own");
        var wrong = new List<string>();
        foreach (var (name, token, good) in vectors)
        {
            var status = await PresentAsync(token);
            if (status != (good ? HttpStatusCode.OK : HttpStatusCode.Unauthorized))
                wrong.Add($"{name}: {(int)status} for {token[..Math.Min(token.Length, 400)]}");
        }

        wrong.ShouldBeEmpty();
        // Last, a good one again: what was refused was not refused because nothing is taken.
        (await PresentAsync(vectors.First(vector => vector.Good).Token)).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpStatusCode> PresentAsync(string token)
    {
        using var client = new HttpClient { BaseAddress = _gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}").ShouldBeTrue();
        using var answer = await client.SendAsync(request);
        // Kestrel itself refuses a header that is longer than all headers may be.
        return answer.StatusCode == HttpStatusCode.RequestHeaderFieldsTooLarge ? HttpStatusCode.Unauthorized : answer.StatusCode;
    }
}
