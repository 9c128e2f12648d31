using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Disks;

/// <summary>Bob's engine makes links on its disk, and Bob asks the gateway to follow them.</summary>
[Collection(nameof(OneTheatre))]
public sealed class LinkTests(Theatre theatre)
{
    private string Files => $"/api/v1/engines/{theatre.Hostile.Id}/files";

    [Theory]
    [InlineData("a-file", "{disk}/secret.txt", "a-file")]
    [InlineData("a-folder", "{disk}", "a-folder/secret.txt")]
    [InlineData("relative", "../../{sleeper}/disk", "relative/secret.txt")]
    [InlineData("database", "{data}/database.db", "database")]
    [InlineData("everything", "/", "everything/etc/passwd")]
    [InlineData("itself", "/proc/self", "itself/environ")]
    [InlineData("an-open-one", "/proc/self/fd", "an-open-one/0")]
    [InlineData("to-nothing", "{data}/not-there-yet", "to-nothing")]
    [InlineData("round", "round", "round")]
    public async Task None_is_followed(string name, string target, string path)
    {
        var to = target
            .Replace("{disk}", theatre.DiskOf(theatre.Sleeper), StringComparison.Ordinal)
            .Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal).Replace("{data}", theatre.Product.Data, StringComparison.Ordinal);
        await TellAsync($"/link?{Uri.EscapeDataString($"{name}|{to}")}");
        foreach (var (method, where) in new[] { ("GET", Files), ("GET", $"{Files}/content"), ("PUT", $"{Files}/content") })
        {
            var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(method, theatre.Dashboard, $"{where}?path={path}", [theatre.Bob.Bearer], method == "PUT" ? "mine" : null));
            answer.ShouldBeRefused(400, 404, 409).Text.ShouldNotContain(Theatre.Secret);
        }

        if (path != name)
            (await theatre.TryAsync("DELETE", theatre.Dashboard, $"{Files}?path={path}", theatre.Bob.Bearer)).ShouldBeRefused(400, 404);
        (await theatre.TryAsync("GET", theatre.Dashboard, Files, theatre.Bob.Bearer)).Text.ShouldNotContain($"\"{name}\"", Case.Sensitive, "links are not even shown");
        File.Exists(Path.Combine(theatre.Product.Data, "not-there-yet")).ShouldBeFalse();
    }

    [Fact]
    public async Task Removing_a_link_removes_nothing_behind_it()
    {
        await TellAsync($"/link?{Uri.EscapeDataString($"doomed|{theatre.DiskOf(theatre.Sleeper)}")}");
        (await theatre.SendAsync("DELETE", theatre.Dashboard, $"{Files}?path=doomed", [theatre.Bob.Bearer])).Status.ShouldBe(204);
        (await File.ReadAllTextAsync(theatre.SecretPath)).ShouldBe(Theatre.Secret);
    }

    [Fact]
    public async Task A_folder_that_becomes_a_link_in_between_is_not_followed_either()
    {
        await TellAsync($"/swap?{Uri.EscapeDataString($"swap|{theatre.DiskOf(theatre.Sleeper)}")}");
        try
        {
            for (var round = 0; round < 100; round++)
            {
                (await theatre.SendAsync("GET", theatre.Dashboard, $"{Files}/content?path=swap/secret.txt", [theatre.Bob.Bearer])).Text.ShouldNotContain(Theatre.Secret);
                (await theatre.SendAsync("GET", theatre.Dashboard, $"{Files}?path=swap", [theatre.Bob.Bearer])).Text.ShouldNotContain("secret.txt");
                await theatre.SendAsync("DELETE", theatre.Dashboard, $"{Files}?path=swap/secret.txt", [theatre.Bob.Bearer]);
                await theatre.SendAsync("PUT", theatre.Dashboard, $"{Files}/content?path=swap/planted.txt", [theatre.Bob.Bearer], "mine");
            }
        }
        finally
        {
            await TellAsync("/still");
        }

        (await File.ReadAllTextAsync(theatre.SecretPath)).ShouldBe(Theatre.Secret);
        File.Exists(Path.Combine(theatre.DiskOf(theatre.Sleeper), "planted.txt")).ShouldBeFalse();
    }

    private async Task TellAsync(string target) =>
        (await theatre.SendAsync("GET", theatre.Hostile.Url.Authority, target, [theatre.Bob.Bearer])).Status.ShouldBe(200);
}
