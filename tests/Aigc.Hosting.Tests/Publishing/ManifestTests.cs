using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aigc.Hosting.Tests.Publishing;

/// <summary>azd and aspirate refuse a manifest with a field they do not know, or a word on stderr.</summary>
public sealed partial class ManifestTests
{
    private static readonly Dictionary<string, (string[] Needed, string[] Other)> Types = new()
    {
        ["project.v0"] = (["path"], ["args", "env", "bindings"]),
        ["container.v0"] = (["image"], ["connectionString", "entrypoint", "args", "volumes", "bindMounts", "env", "bindings"]),
        ["parameter.v0"] = (["value", "inputs"], ["connectionString"]),
        ["value.v0"] = (["connectionString"], []),
    };

    [Theory]
    [InlineData("--publisher", "manifest")]
    [InlineData("--operation", "publish", "--step", "publish-manifest")]
    public async Task Every_resource_is_of_a_type_that_the_tools_deploy_with_the_fields_of_that_type(params string[] arguments)
    {
        using var published = await Published.RunAsync(arguments);
        published.Errors.ShouldBe("");
        published.ExitCode.ShouldBe(0);
        var resources = Resources(published);
        foreach (var (name, resource) in resources)
        {
            var fields = resource!.AsObject().Select(field => field.Key).ToList();
            var (needed, other) = Types[Text(resource, "type")];
            needed.ShouldBeSubsetOf(fields, name);
            fields.ShouldBeSubsetOf(["type", .. needed, .. other], name);
            foreach (var (_, binding) in resource["bindings"]?.AsObject() ?? []) Check(binding!.AsObject());
            foreach (var (_, value) in resource["env"]?.AsObject() ?? []) value!.GetValueKind().ShouldBe(JsonValueKind.String, name);
            foreach (var (_, input) in resource["inputs"]?.AsObject() ?? []) Text(input!, "type").ShouldBe("string", name);
        }

        resources.Where(resource => Text(resource.Value!, "type") != "parameter.v0").Select(resource => resource.Key)
            .ShouldBe(["postgres", "database", "tracker", "worker", "api", "proxy"]);
    }

    [Fact]
    public async Task Every_expression_names_something_that_is_in_the_manifest()
    {
        using var published = await Published.RunAsync("--publisher", "manifest");
        var resources = Resources(published);
        var found = 0;
        foreach (Match match in Expression().Matches(published.Read("aspire-manifest.json")))
        {
            var path = match.Groups[1].Value.Split('.');
            var resource = resources[path[0]].ShouldNotBeNull(match.Value);
            if (path[1] == "bindings") resource["bindings"]![path[2]].ShouldNotBeNull(match.Value);
            else resource[path[1]].ShouldNotBeNull(match.Value);
            found++;
        }

        found.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Only_the_proxy_is_open_to_people_and_nothing_of_this_machine_is_told()
    {
        using var published = await Published.RunAsync("--publisher", "manifest");
        var resources = Resources(published);
        resources.Where(resource => resource.Value!["bindings"]?["http"]?["external"] is not null).Select(resource => resource.Key).ShouldBe(["proxy"]);
        var environment = resources.SelectMany(resource => resource.Value!["env"]?.AsObject() ?? []).ToList();
        environment.ShouldNotContain(variable => variable.Value!.ToString().Contains("localhost", StringComparison.Ordinal) || variable.Value!.ToString().StartsWith('/'));
        environment.Select(variable => variable.Key).ShouldNotContain("AIGC_DATA_DIR");
        foreach (var secret in new[] { "gateway-key", "postgres-password", "tracker-password", "identity-client-secret" })
            resources[secret]!["inputs"]!["value"]!["secret"]!.GetValue<bool>().ShouldBeTrue(secret);
        resources["gateway-key"]!["inputs"]!["value"]!["default"]!["generate"]!["minLength"]!.GetValue<int>().ShouldBe(43);
    }

    [Fact]
    public async Task Without_a_place_to_write_to_it_says_so()
    {
        using var published = await Published.RunWithoutOutputAsync("--publisher", "manifest");
        published.ExitCode.ShouldBe(1);
        published.Errors.ShouldContain("--output-path");
    }

    private static void Check(JsonObject binding)
    {
        binding.Select(field => field.Key).ShouldBeSubsetOf(["scheme", "protocol", "transport", "external", "targetPort", "port"]);
        new[] { "tcp", "udp" }.ShouldContain(Text(binding, "protocol"));
        new[] { "http", "http2", "tcp" }.ShouldContain(Text(binding, "transport"));
        Text(binding, "scheme").ShouldNotBeEmpty();
    }

    private static JsonObject Resources(Published published) => published.Json("aspire-manifest.json")["resources"]!.AsObject();

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();

    [GeneratedRegex(@"\{([a-z][\w-]*\.[\w.-]+)\}")]
    private static partial Regex Expression();
}
