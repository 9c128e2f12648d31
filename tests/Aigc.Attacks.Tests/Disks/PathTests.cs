using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Disks;

/// <summary>Bob asks for files of his own engine, by paths that lead to somebody else's.</summary>
[Collection(nameof(OneTheatre))]
public sealed class PathTests(Theatre theatre)
{
    public static TheoryData<string> Outside =>
    [
        "../{sleeper}/disk/secret.txt", "../../{sleeper}/disk/secret.txt", "x/../../../{sleeper}/disk/secret.txt", "./../../{sleeper}/disk/secret.txt",
        "..%2f..%2f{sleeper}%2fdisk%2fsecret.txt", "%2e%2e/%2e%2e/{sleeper}/disk/secret.txt",
        "..\\..\\{sleeper}\\disk\\secret.txt", "....//....//{sleeper}/disk/secret.txt", "{data}/engines/{sleeper}/disk/secret.txt", "//{data}/engines/{sleeper}/disk/secret.txt",
        "file://{data}/engines/{sleeper}/disk/secret.txt",  "..%00/../{sleeper}/disk/secret.txt",
        "../../../database.db", "../run/record.json", "/etc/passwd", "/proc/self/environ", "..",
        ".", "../", "x//y", "%00",
    ];

    [Theory]
    [MemberData(nameof(Outside))]
    public async Task None_is_read_written_or_removed(string path)
    {
        var query = "?path=" + Uri.EscapeDataString(path
            .Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal).Replace("{data}", theatre.Product.Data, StringComparison.Ordinal)).Replace("%25", "%", StringComparison.Ordinal);
        var files = $"/api/v1/engines/{theatre.Hostile.Id}/files";
        foreach (var (method, target) in new[] { ("GET", files), ("GET", $"{files}/content"), ("PUT", $"{files}/content"), ("DELETE", files) })
        {
            var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(method, theatre.Dashboard, target + query, [theatre.Bob.Bearer], method == "PUT" ? "mine" : null));
            answer.ShouldBeRefused(400, 404).Text.ShouldNotContain(Theatre.Secret);
        }
    }

    [Theory]
    [InlineData("~/secret.txt")]
    [InlineData("%252e%252e/%252e%252e/{sleeper}/disk/secret.txt")]
    [InlineData("..%c0%af..%c0%af{sleeper}/disk/secret.txt")]
    [InlineData("%e2%80%a5/{sleeper}/disk/secret.txt")]
    [InlineData("....//....//{sleeper}/disk/secret.txt")]
    public async Task What_only_looks_like_a_way_out_is_a_name_on_the_own_disk(string path)
    {
        var target = $"/api/v1/engines/{theatre.Hostile.Id}/files/content?path={path.Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal)}";
        await theatre.SendAsync("PUT", theatre.Dashboard, target, [theatre.Bob.Bearer], "mine");
        var answer = await theatre.SendAsync("GET", theatre.Dashboard, target, [theatre.Bob.Bearer]);
        answer.Text.ShouldNotContain(Theatre.Secret);
        (await File.ReadAllTextAsync(theatre.SecretPath)).ShouldBe(Theatre.Secret);
    }

    [Theory]
    [InlineData("../../{sleeper}/disk/secret.txt")]
    [InlineData("..\\..\\{sleeper}\\disk\\secret.txt")]
    [InlineData("/etc/aigc-attack")]
    public async Task An_uploads_own_name_leads_nowhere_else(string name)
    {
        var file = name.Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal);
        var token = theatre.Bob.Person.Antiforgery;
        var body = $"--b\r\nContent-Disposition: form-data; name=\"__RequestVerificationToken\"\r\n\r\n{token}\r\n"
            + $"--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{file.Replace("\\", "\\\\", StringComparison.Ordinal)}\"\r\n\r\nmine\r\n--b--\r\n";
        var answer = await theatre.SendAsync("POST", theatre.Dashboard, $"/engines/{theatre.Hostile.Id}/files", [theatre.Bob.DashboardCookies, "Content-Type: multipart/form-data; boundary=b"], body);
        answer.Status.ShouldBe(302);
        (await File.ReadAllTextAsync(Path.Combine(theatre.DiskOf(theatre.Hostile), Path.GetFileName(file.Replace('\\', '/'))))).ShouldBe("mine", "its last name counts");
        (await File.ReadAllTextAsync(theatre.SecretPath)).ShouldBe(Theatre.Secret);
        File.Exists("/etc/aigc-attack").ShouldBeFalse();
    }

    [Fact]
    public async Task What_an_engine_wrote_is_no_page_of_the_dashboards()
    {
        await File.WriteAllTextAsync(Path.Combine(theatre.DiskOf(theatre.Hostile), "page.html"), "<script>alert(1)</script>");
        foreach (var inline in new[] { "", "&inline=true" })
        {
            var answer = await theatre.TryAsync("GET", theatre.Dashboard, $"/api/v1/engines/{theatre.Hostile.Id}/files/content?path=page.html{inline}", theatre.Bob.DashboardCookies);
            answer.Header("Content-Disposition").ShouldHaveSingleItem().ShouldStartWith("attachment");
            answer.Header("Content-Security-Policy").ShouldHaveSingleItem().ShouldContain("sandbox");
            answer.Header("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
    }
}
