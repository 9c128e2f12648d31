using System.Text.Json.Nodes;
using Aigc.Api.Tests.Harness;

namespace Aigc.Api.Tests.Logto;

/// <summary>The command as an operator runs it, against a server with Logto's habits.</summary>
public sealed class LogtoCommandTests : IAsyncLifetime
{
    private FakeLogto _logto = null!;

    public async Task InitializeAsync() => _logto = await FakeLogto.StartAsync();

    public Task DisposeAsync() => _logto.DisposeAsync().AsTask();

    [Fact]
    public async Task It_makes_what_the_gateway_needs_and_prints_the_settings()
    {
        var (code, output, errors) = await RunAsync();
        (code, errors).ShouldBe((0, ""));
        var application = _logto.Applications.ShouldHaveSingleItem();
        ((string?)application["type"]).ShouldBe("Traditional");
        JsonNode.DeepEquals(application["oidcClientMetadata"], JsonNode.Parse(
            """
            { "redirectUris": ["https://studio.example.com/signin-oidc"], "postLogoutRedirectUris": ["https://studio.example.com/"],
              "backchannelLogoutUri": "https://studio.example.com/signout-backchannel", "backchannelLogoutSessionRequired": true }
            """)).ShouldBeTrue(application.ToJsonString());
        ((string?)_logto.Resources.ShouldHaveSingleItem()["indicator"]).ShouldBe("https://studio.example.com/api/v1");
        _logto.Roles.Select(role => (string?)role["name"]).ShouldBe(["admin", "group-manager"]);
        _logto.IdToken!["enabledExtendedClaims"]!.AsArray().Select(claim => (string?)claim).ShouldBe(["roles", "organizations", "custom_data"]);
        output.ShouldContain($"Identity__Authority={_logto.Endpoint}oidc");
        output.ShouldContain($"Identity__ClientId={application["id"]}");
        output.ShouldContain($"Identity__ClientSecret=secret-of-{application["id"]}");
        output.ShouldContain("Identity__Audience=https://studio.example.com/api/v1");
    }

    [Fact]
    public async Task A_second_time_there_is_nothing_to_do_and_the_settings_are_the_same()
    {
        var (_, first, _) = await RunAsync();
        _logto.Writes.Clear();
        var (code, second, _) = await RunAsync();
        code.ShouldBe(0);
        _logto.Writes.ShouldBeEmpty();
        second[second.IndexOf("Identity__", StringComparison.Ordinal)..].ShouldBe(first[first.IndexOf("Identity__", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task What_is_on_a_later_page_is_found()
    {
        await RunAsync();
        for (var other = 0; other < 250; other++)
        {
            _logto.Applications.Insert(0, new JsonObject { ["id"] = $"a{other}", ["name"] = $"other {other}", ["type"] = "Traditional", ["oidcClientMetadata"] = new JsonObject { ["redirectUris"] = new JsonArray(), ["postLogoutRedirectUris"] = new JsonArray() } });
            _logto.Resources.Insert(0, new JsonObject { ["id"] = $"r{other}", ["name"] = "other", ["indicator"] = $"https://other.example.com/{other}" });
            _logto.Roles.Insert(0, new JsonObject { ["id"] = $"o{other}", ["name"] = $"other {other}", ["description"] = "", ["type"] = "User" });
        }

        _logto.Writes.Clear();
        (await RunAsync()).Code.ShouldBe(0);
        _logto.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_public_address_replaces_the_old_one()
    {
        await RunAsync();
        (await RunAsync("--public-url", "https://new.example.com")).Code.ShouldBe(0);
        _logto.Applications.ShouldHaveSingleItem()["oidcClientMetadata"]!["redirectUris"]!.AsArray().Select(uri => (string?)uri).ShouldBe(["https://new.example.com/signin-oidc"]);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_and_shows_no_secret()
    {
        var (code, output, _) = await RunAsync("--dry-run");
        code.ShouldBe(0);
        _logto.Writes.ShouldBeEmpty();
        output.ShouldContain("would be created: application AIGC gateway");
        output.ShouldContain("would be created: role group-manager");
        output.ShouldNotContain("Secret");
    }

    [Fact]
    public async Task Others_claims_stay_and_what_is_already_there_is_kept()
    {
        _logto.IdToken = new JsonObject { ["enabledExtendedClaims"] = new JsonArray("identities", "roles") };
        _logto.Add(_logto.Roles, new JsonObject { ["name"] = "admin", ["description"] = "Ours", ["type"] = "User" });
        (await RunAsync()).Output.ShouldContain("kept: role admin");
        _logto.IdToken!["enabledExtendedClaims"]!.AsArray().Select(claim => (string?)claim).ShouldBe(["identities", "roles", "organizations", "custom_data"]);
        ((string?)_logto.Roles.First(role => (string?)role["name"] == "admin")["description"]).ShouldBe("Ours");
    }

    [Fact]
    public async Task Somebody_who_is_faster_does_no_harm()
    {
        _logto.SomebodyIsFaster = true;
        var (code, _, errors) = await RunAsync();
        (code, errors).ShouldBe((0, ""));
        _logto.Resources.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_Logto_that_keeps_its_id_tokens_is_good_enough()
    {
        _logto.KeepsIdTokens = true;
        var (code, output, _) = await RunAsync();
        code.ShouldBe(0);
        output.ShouldContain("left: claims of id tokens");
    }

    [Fact]
    public async Task An_expired_secret_is_replaced_and_stays_in_the_list()
    {
        await RunAsync();
        var (id, secrets) = _logto.Secrets.Single();
        secrets[0]!["expiresAt"] = 1000;
        (await RunAsync()).Output.ShouldContain($"Identity__ClientSecret=new-secret-of-{id}");
        secrets.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_machine_application_without_the_role_is_told_what_it_lacks()
    {
        _logto.Forbids = true;
        var (code, _, errors) = await RunAsync();
        code.ShouldBe(1);
        errors.ShouldContain("Logto Management API access");
    }

    [Fact]
    public async Task A_role_of_machines_under_the_same_name_is_named_as_the_obstacle()
    {
        _logto.Add(_logto.Roles, new JsonObject { ["name"] = "admin", ["description"] = "", ["type"] = "MachineToMachine" });
        var (code, _, errors) = await RunAsync();
        code.ShouldBe(1);
        errors.ShouldContain("role admin");
    }

    [Theory]
    [InlineData("--client-secret|wrong", "client authentication failed")]
    [InlineData("--resource|https://other.logto.app/api", "resource indicator is missing")]
    [InlineData("--audience|aigc-api", "--audience must be an absolute address")]
    [InlineData("--public-url|studio.example.com", "--public-url must be an absolute https address")]
    [InlineData("--endpoint|http://logto.example.com", "--endpoint must be an https address")]
    [InlineData("--endpoint|http://127.0.0.1:1", "does not answer")]
    [InlineData("--client-secret|", "LOGTO_CLIENT_SECRET")]
    public async Task A_mistake_is_named_and_changes_nothing(string arguments, string says)
    {
        var (code, output, errors) = await RunAsync(arguments.Split('|'));
        code.ShouldBe(1);
        errors.ShouldContain(says);
        (output + errors).ShouldNotContain("   at ");
        _logto.Writes.ShouldBeEmpty();
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var all = new List<string> { "identity", "logto" };
        foreach (var (option, value) in new[]
        {
            ("--endpoint", _logto.Endpoint.AbsoluteUri), ("--client-id", FakeLogto.ClientId), ("--client-secret", FakeLogto.ClientSecret), ("--public-url", "https://studio.example.com"),
        })
        {
            if (!arguments.Contains(option))
                all.AddRange([option, value]);
        }

        return ApiProgram.RunAsync([], [.. all, .. arguments]);
    }
}
