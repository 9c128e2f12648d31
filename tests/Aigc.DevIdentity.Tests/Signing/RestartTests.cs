namespace Aigc.DevIdentity.Tests.Signing;

public sealed class RestartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("dev-identity-").FullName;

    [Fact]
    public async Task A_restart_signs_nobody_out()
    {
        var provider = new Provider(_data);
        using var browser = new Browser(provider);
        var tokens = await browser.SignInAsync("alice");
        provider.Dispose();

        using var restarted = new Provider(_data, port: provider.Address.Port);
        await Browser.JsonAsync(await browser.UserInfoAsync(tokens));
        (await IdToken.CheckAsync(restarted, tokens, browser.Nonce)).Subject.ShouldBe("alice");
        Browser.Returned(await browser.AuthorizeAsync(("prompt", "none"))).ShouldContainKey("code");
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_key()
    {
        using var provider = new Provider(_data);
        using var client = new HttpClient { BaseAddress = provider.Address };
        (await client.GetAsync("jwks")).EnsureSuccessStatusCode();
        var key = Directory.GetFiles(Path.Combine(_data, "identity")).ShouldHaveSingleItem();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);
}
