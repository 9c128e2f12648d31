using System.Net;
using System.Net.Http.Headers;
using Aigc.Api.Tests.Harness;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class TokenTests(RunningApi api)
{
    [Fact]
    public async Task A_personal_token_is_shown_once_works_and_can_be_ended()
    {
        using var carol = await api.SignInAsync("carol");
        var made = await Visitor.JsonAsync(carol.PostAsync("/api/v1/tokens", new { name = "script", expiresInDays = 7 }), HttpStatusCode.Created);
        var secret = made.GetProperty("token").GetString()!;
        secret.ShouldMatch("^aigc_[A-Za-z0-9_-]{43}$");
        (await Visitor.JsonAsync(carol.GetAsync("/api/v1/tokens"))).GetRawText().ShouldNotContain(secret);

        using var program = new Visitor(api.Address) { Bearer = secret };
        (await Visitor.JsonAsync(program.GetAsync("/api/v1/me"))).GetProperty("id").GetString().ShouldBe("carol");
        await program.TakeAsync();
        using var proxy = api.Proxy();
        (await Visitor.JsonAsync(proxy.AuthenticateAsync(secret))).GetProperty("kind").GetString().ShouldBe("PersonalToken");

        using var bob = await api.SignInAsync("bob");
        var path = $"/api/v1/tokens/{made.GetProperty("id").GetString()}";
        await Visitor.ProblemAsync(bob.DeleteAsync(path), HttpStatusCode.NotFound, "not-found");
        (await carol.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Visitor.ProblemAsync(program.GetAsync("/api/v1/me"), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_program_of_its_own_signs_in_with_a_token_of_the_provider()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api.Identity, "identity/token"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" }),
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("aigc:a%20secret%20of%20the%20tests"u8)) },
        };
        var jwt = (await Visitor.JsonAsync(client.SendAsync(request))).GetProperty("access_token").GetString()!;

        using var program = new Visitor(api.Address) { Bearer = jwt };
        (await Visitor.JsonAsync(program.GetAsync("/api/v1/me"))).GetProperty("userName").GetString().ShouldBe("aigc");
        foreach (var wrong in new[] { jwt[..^8] + "AAAAAAAA", $"{jwt}.x.y", jwt + new string('A', 20_000), "aigc_" + new string('A', 43) })
        {
            using var intruder = new Visitor(api.Address) { Bearer = wrong };
            (await intruder.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }
}
