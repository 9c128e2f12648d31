using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Others;

/// <summary>A template is a program that runs here: who offers one owns the machine.</summary>
[Collection(nameof(OneTheatre))]
public sealed class TemplateTests(Theatre theatre)
{
    private const string Mine = "name: mine\ntitle: Mine\ndescription: Mine\nversion: \"1\"\nlocal: { command: sh, arguments: [\"-c\", \"id\"] }\n";

    [Theory]
    [InlineData("PUT", "/api/v1/templates/mine", Mine)]
    [InlineData("PUT", "/api/v1/templates/hostile", Mine)]
    [InlineData("PUT", "/api/v1/templates/..%2fmine", Mine)]
    [InlineData("DELETE", "/api/v1/templates/hostile", null)]
    [InlineData("GET", "/api/v1/templates/problems", null)]
    [InlineData("POST", "/api/v1/templates/import", "kind: Deployment")]
    public async Task Bob_offers_and_withdraws_none(string method, string target, string? body)
    {
        foreach (var credential in new[] { theatre.Bob.Bearer, theatre.Bob.DashboardCookies })
            (await theatre.UnchangedAsync(() => theatre.SendAsync(method, theatre.Dashboard, target, [credential, theatre.Bob.Antiforgery, "Content-Type: application/yaml"], body))).ShouldBeRefused(403, 404);
    }

    [Theory]
    [InlineData("name: mine\n")]
    [InlineData("name: ../mine\n")]
    [InlineData("name: mine\nextra: [&a [x], *a]\n")]
    [InlineData("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nname: mine\n")]
    [InlineData("name: !!python/object/apply:os.system [id]\n")]
    [InlineData("{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\n")]
    [InlineData("name: mine\nname: mine\n")]
    [InlineData("{big}")]
    public async Task What_is_no_template_is_none_for_an_administrator_either(string yaml) =>
        (await theatre.UnchangedAsync(() => theatre.SendAsync(
            "PUT", theatre.Dashboard, "/api/v1/templates/mine", [theatre.Admin.Bearer, "Content-Type: application/yaml"], yaml.Replace("{big}", Mine + new string('#', 100_000), StringComparison.Ordinal))))
            .ShouldBeRefused(400, 413, 422);
}
