using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Tokens;

/// <summary>Tokens of others, of yesterday, and what looks like one.</summary>
[Collection(nameof(OneTheatre))]
public sealed class TokenTests(Theatre theatre)
{
    [Theory]
    [InlineData("Authorization: Bearer {bobs}")]
    [InlineData("Authorization: Bearer {hash}")]
    [InlineData("Authorization: Bearer aigc_{hash}")]
    [InlineData("Authorization: Bearer {bare}")]
    [InlineData("Authorization: Bearer AIGC_{bare}")]
    [InlineData("Authorization: Bearer aigc-{bare}")]
    [InlineData("Authorization: Bearer {upper}")]
    [InlineData("Authorization: Bearer {alices}x")]
    [InlineData("Authorization: Bearer {alices} x")]
    [InlineData("Authorization: Bearer \"{alices}\"")]
    [InlineData("Authorization: Bearer{alices}")]
    [InlineData("Authorization: Basic {alices}")]
    [InlineData("Authorization: Token {alices}")]
    [InlineData("Authorization: {alices}")]
    [InlineData("Authorization: Bearer x\r\nAuthorization: Bearer {alices}")]
    [InlineData("Authorization: Bearer {bobs}, Bearer {alices}")]
    [InlineData("X-Authorization: Bearer {alices}")]
    [InlineData("Proxy-Authorization: Bearer {alices}")]
    [InlineData("X-Api-Key: {alices}")]
    [InlineData("Authorization_: Bearer {alices}")]
    [InlineData("Authorization: Bearer {none}")]
    [InlineData("Authorization: Bearer {none-signed}")]
    [InlineData("Authorization: Bearer {hmac}")]
    [InlineData("Authorization: Bearer {foreign}")]
    [InlineData("Authorization: Bearer {foreign}.x.x")]
    [InlineData("Authorization: Bearer ..")]
    [InlineData("Authorization: Bearer ' OR '1'='1")]
    public async Task What_is_no_token_of_alices_opens_nothing_of_hers(string header)
    {
        var line = Filled(header);
        (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/", line)).ShouldBeRefused(401, 403);
        (await theatre.TryAsync("GET", theatre.Awake.Url.Authority, "/", line)).ShouldBeRefused(401, 403);
        (await theatre.TryAsync("POST", theatre.Dashboard, $"/api/v1/engines/{theatre.Sleeper.Id}/wake", line)).ShouldBeRefused(401, 404);
    }

    [Theory]
    [InlineData("?token={alices}")]
    [InlineData("?access_token={alices}")]
    [InlineData("?authorization=Bearer%20{alices}")]
    [InlineData("?api_key={alices}")]
    [InlineData(";token={alices}")]
    [InlineData("#{alices}")]
    public async Task A_token_in_an_address_is_none(string query)
    {
        (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/" + Filled(query))).ShouldBeRefused(400, 401);
        (await theatre.TryAsync("GET", theatre.Dashboard, "/api/v1/me" + Filled(query))).ShouldBeRefused(400, 401, 404);
    }

    [Fact]
    public async Task A_revoked_one_opens_nothing_within_two_seconds_of_its_end()
    {
        var token = await Cast.NewTokenAsync(theatre.Alice.Person);
        (await theatre.SendAsync("GET", theatre.Awake.Url.Authority, "/", [$"Authorization: Bearer {token}"])).Status.ShouldBe(200);
        var newest = (await theatre.Alice.Person.CallAsync(HttpMethod.Get, "api/v1/tokens")).AsArray().OrderBy(one => one!["createdAt"]!.GetValue<DateTimeOffset>()).Last();
        await theatre.Alice.Person.CallAsync(HttpMethod.Delete, $"api/v1/tokens/{newest!["id"]}");
        (await theatre.TryAsync("GET", theatre.Dashboard, "/api/v1/me", $"Authorization: Bearer {token}")).ShouldBeRefused(401);
        await Testing.Eventually.TrueAsync("it opens nothing", TimeSpan.FromSeconds(2), async () =>
            (await theatre.SendAsync("GET", theatre.Awake.Url.Authority, "/", [$"Authorization: Bearer {token}"])).Status == 401);
        (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/", $"Authorization: Bearer {token}")).ShouldBeRefused(401);
    }

    [Fact]
    public async Task Bob_does_not_end_or_see_alices()
    {
        var hers = (await theatre.Alice.Person.CallAsync(HttpMethod.Get, "api/v1/tokens")).AsArray();
        foreach (var id in hers.Select(token => token!["id"]!.GetValue<string>()))
        {
            (await theatre.TryAsync("DELETE", theatre.Dashboard, $"/api/v1/tokens/{id}", theatre.Bob.Bearer)).ShouldBeRefused(404);
            (await theatre.TryAsync("GET", theatre.Dashboard, "/api/v1/tokens", theatre.Bob.Bearer)).Text.ShouldNotContain(id);
        }
    }

    [Fact]
    public async Task Nobody_is_told_a_secret_again()
    {
        foreach (var who in new[] { theatre.Alice, theatre.Admin })
        {
            var answer = await theatre.TryAsync("GET", theatre.Dashboard, "/api/v1/tokens", who.Bearer);
            answer.Text.ShouldNotContain(theatre.Alice.Token[5..]);
            answer.Text.ShouldNotContain(HashOf(theatre.Alice.Token));
        }
    }

    private string Filled(string text) => text
        .Replace("{bobs}", theatre.Bob.Token, StringComparison.Ordinal)
        .Replace("{alices}", theatre.Alice.Token, StringComparison.Ordinal)
        .Replace("{bare}", theatre.Alice.Token["aigc_".Length..], StringComparison.Ordinal)
        .Replace("{upper}", theatre.Alice.Token.ToUpperInvariant(), StringComparison.Ordinal)
        .Replace("{hash}", HashOf(theatre.Alice.Token), StringComparison.Ordinal)
        .Replace("{none}", Jwt("none", _ => []), StringComparison.Ordinal)
        .Replace("{none-signed}", Jwt("none", _ => [1, 2, 3]), StringComparison.Ordinal)
        .Replace("{hmac}", Jwt("HS256", bytes => HMACSHA256.HashData("aigc"u8, bytes)), StringComparison.Ordinal)
        .Replace("{foreign}", Jwt("RS256", Sign), StringComparison.Ordinal);

    private static byte[] Sign(byte[] bytes)
    {
        using var key = RSA.Create(2048);
        return key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>Alice's in every word, but for who signed it.</summary>
    private string Jwt(string algorithm, Func<byte[], byte[]> sign)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = $"http://localhost:{theatre.Product.Port}/identity",
            ["aud"] = "aigc-api",
            ["sub"] = "alice",
            ["preferred_username"] = "alice",
            ["name"] = "alice",
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
        };
        var content = $"{Encode(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","typ":"JWT"}"""))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{content}.{Encode(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private static string HashOf(string token) => Engines.People.SignInKey.Of(token).Value;
}
