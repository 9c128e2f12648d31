using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Others;

/// <summary>Every address of the API that names something, with the name of something of Alice's.</summary>
[Collection(nameof(OneTheatre))]
public sealed partial class ApiTests(Theatre theatre)
{
    [Theory]
    [InlineData("nobody")]
    [InlineData("bob's token")]
    [InlineData("bob's browser")]
    [InlineData("bob's engine cookie")]
    [InlineData("alice's engine cookie")]
    [InlineData("a token that is none")]
    public async Task Every_address_with_an_id_is_closed_to(string who)
    {
        var headers = await HeadersOfAsync(who);
        var paths = (await DescriptionAsync()).Where(route => route.Path.Contains('{', StringComparison.Ordinal)).ToList();
        paths.Count.ShouldBeGreaterThanOrEqualTo(14);
        foreach (var (method, path, required) in paths)
        {
            foreach (var engine in new[] { theatre.Sleeper, theatre.Awake })
            {
                var target = Parameter().Replace(path, engine.Id) + required;
                var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(method, theatre.Dashboard, target, headers, method is "POST" or "PUT" ? "{}" : null));
                answer.ShouldBeRefused(400, 401, 403, 404, 415, 422);
                answer.Text.ShouldNotContain("hostile-alice");
            }
        }
    }

    [Fact]
    public async Task Every_address_is_closed_to_nobody()
    {
        foreach (var (method, path, required) in await DescriptionAsync())
        {
            var target = Parameter().Replace(path, theatre.Sleeper.Id) + required;
            (await theatre.UnchangedAsync(() => theatre.SendAsync(method, theatre.Dashboard, target, ["Content-Type: application/json"], method is "POST" or "PUT" ? "{}" : null))).ShouldBeRefused(401, 415);
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/engines?all=true", 403)]
    [InlineData("GET", "/api/v1/engines?all=true&limit=1", 403)]
    [InlineData("GET", "/api/v1/engines?ALL=TRUE", 403)]
    [InlineData("GET", "/api/v1/templates/problems", 403)]
    [InlineData("GET", "/admin", 403)]
    [InlineData("GET", "/costs?of=all", 403)]
    [InlineData("GET", "/api/v1/costs?of=all", 403)]
    [InlineData("GET", "/api/v1/costs/focus?of=group", 403)]
    [InlineData("GET", "/api/v1/bills", 403)]
    [InlineData("POST", "/api/v1/engines/{kept}/restart", 404)]
    [InlineData("GET", "/api/v1/engines/{kept}/files/content?path=secret.txt", 404)]
    [InlineData("GET", "/api/v1/engines/{upper}", 400)]
    [InlineData("GET", "/api/v1/engines/{sleeper}%00", 400)]
    [InlineData("GET", "/api/v1/engines/{own}/../{sleeper}", 404)]
    [InlineData("GET", "/api/v1/engines/{own}/files/../../{sleeper}/log", 404)]
    [InlineData("GET", "/api/v1/engines/{own},{sleeper}", 404)]
    [InlineData("GET", "/engines/{sleeper}", 404)]
    [InlineData("GET", "/engines/{sleeper}/files", 404)]
    [InlineData("GET", "/engines/{sleeper}/files/delete?path=secret.txt", 404)]
    [InlineData("GET", "/engines/{sleeper}/delete", 404)]
    public async Task What_is_not_bobs_is_not_there_for_him(string method, string path, int status)
    {
        var target = Filled(path);
        foreach (var credential in new[] { theatre.Bob.Bearer, theatre.Bob.DashboardCookies })
        {
            var answer = await theatre.TryAsync(method, theatre.Dashboard, target, credential, theatre.Bob.Antiforgery);
            answer.Text.ShouldNotContain("hostile-alice");
            // Pages are for browsers: who comes with a token is asked to sign in.
            if (credential == theatre.Bob.Bearer && answer.Status == 302 && !path.StartsWith("/api/", StringComparison.Ordinal))
                answer.Location.ShouldNotBeNull().ShouldStartWith("/login?");
            else // Pages and addresses that do not exist are as closed as those that are refused.
                answer.ShouldBeRefused(status, 404);
        }
    }

    [Theory]
    [InlineData("{\"disk\":\"{kept}\"}")]
    [InlineData("{\"template\":\"hostile\",\"disk\":\"{kept}\"}")]
    [InlineData("{\"template\":\"hostile\",\"disk\":\"{sleeper}\"}")]
    [InlineData("{\"template\":\"hostile\",\"disk\":\"../{sleeper}\"}")]
    [InlineData("{\"template\":\"../hostile\"}")]
    [InlineData("{\"template\":\"no-such\"}")]
    [InlineData("{\"template\":[\"hostile\"]}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Bob_takes_no_engine_with_a_disk_or_template_that_is_not_his(string body) =>
        (await theatre.UnchangedAsync(() => theatre.SendAsync("POST", theatre.Dashboard, "/api/v1/engines", [theatre.Bob.Bearer, "Content-Type: application/json"], Filled(body))))
            .ShouldBeRefused(400, 404);

    [Theory]
    [InlineData("GET", "/files")]
    [InlineData("GET", "/files/content?path=secret.txt")]
    [InlineData("PUT", "/files/content?path=secret.txt")]
    [InlineData("DELETE", "/files?path=secret.txt")]
    [InlineData("GET", "/log")]
    [InlineData("POST", "/wake")]
    [InlineData("POST", "/keep-awake")]
    [InlineData("GET", "/pre-wake")]
    [InlineData("PUT", "/pre-wake")]
    public async Task An_administrator_manages_engines_and_does_not_look_into_them(string method, string path)
    {
        var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(
            method, theatre.Dashboard, $"/api/v1/engines/{theatre.Sleeper.Id}{path}", [theatre.Admin.Bearer, "Content-Type: application/json"],
            method is "PUT" or "POST" ? "{\"minutes\":60}" : null));
        answer.ShouldBeRefused(403).Text.ShouldNotContain(Theatre.Secret);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("browser")]
    public async Task An_administrator_does_not_open_them(string by)
    {
        if (by == "token")
            (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/", theatre.Admin.Bearer)).ShouldBeRefused(403);
        var (_, enter) = await HandOff.BeginAsync(theatre, theatre.Sleeper);
        (await theatre.TryAsync("GET", theatre.Dashboard, enter, theatre.Admin.DashboardCookies)).ShouldBeRefused(403);
    }

    private async Task<string[]> HeadersOfAsync(string who) => who switch
    {
        "bob's token" => [theatre.Bob.Bearer, "Content-Type: application/json"],
        "bob's browser" => [theatre.Bob.DashboardCookies, theatre.Bob.Antiforgery, "Content-Type: application/json"],
        "bob's engine cookie" => [$"Cookie: aigc-engine={await HandOff.WholeAsync(theatre, theatre.Bob, theatre.Hostile)}"],
        "alice's engine cookie" => [$"Cookie: aigc-engine={await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper)}"],
        "a token that is none" => ["Authorization: Bearer aigc_" + new string('x', 43)],
        _ => [],
    };

    /// <summary>What the API says that there is, with a query for the parameters that it requires.</summary>
    private async Task<IReadOnlyList<(string Method, string Path, string Required)>> DescriptionAsync()
    {
        using var http = new HttpClient { BaseAddress = theatre.Product.Dashboard };
        var paths = JsonNode.Parse(await http.GetStringAsync("openapi/v1.json"))!["paths"]!.AsObject();
        return [.. paths.SelectMany(path => path.Value!.AsObject().Select(method => (method.Key.ToUpperInvariant(), path.Key, RequiredOf(method.Value!))))];
    }

    private static string RequiredOf(JsonNode operation)
    {
        var names = (operation["parameters"]?.AsArray() ?? [])
            .Where(one => one!["in"]!.GetValue<string>() == "query" && one["required"]?.GetValue<bool>() == true)
            .Select(one => $"{one!["name"]}=secret.txt");
        return string.Join('&', names) is { Length: > 0 } query ? $"?{query}" : "";
    }

    private string Filled(string text) => text
        .Replace("{kept}", theatre.KeptDisk, StringComparison.Ordinal)
        .Replace("{own}", theatre.Hostile.Id, StringComparison.Ordinal)
        .Replace("{upper}", theatre.Sleeper.Id.ToUpperInvariant(), StringComparison.Ordinal)
        .Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
