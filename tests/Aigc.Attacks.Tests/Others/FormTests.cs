using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Others;

/// <summary>The dashboard's forms, sent properly by people whom the engine does not belong to.</summary>
[Collection(nameof(OneTheatre))]
public sealed class FormTests(Theatre theatre)
{
    [Theory]
    [InlineData("/engines/{sleeper}/wake", "x=1")]
    [InlineData("/engines/{awake}/sleep", "x=1")]
    [InlineData("/engines/{awake}/restart", "x=1")]
    [InlineData("/engines/{awake}/keep-awake", "minutes=60")]
    [InlineData("/engines/{sleeper}/pre-wake", "allowed=false")]
    [InlineData("/engines/{sleeper}/delete", "disk=remove")]
    [InlineData("/engines/{sleeper}/delete", "disk=keep")]
    [InlineData("/engines/{sleeper}/files/delete", "path=secret.txt")]
    [InlineData("/engines", "disk={kept}")]
    [InlineData("/engines", "template=hostile&disk={sleeper}")]
    [InlineData("/engines", "template=no-such")]
    [InlineData("/tokens/{token}/revoke", "name=x")]
    public async Task Bobs_does_nothing_to_what_is_alices(string target, string body)
    {
        var answer = await theatre.UnchangedAsync(async () => await SendAsync(theatre.Bob, await FilledAsync(target), await FilledAsync(body)));
        // Where there is something to go back to, the refusal is a message on the next page.
        if (answer.Status != 302)
            answer.ShouldBeRefused(404);
    }

    [Theory]
    [InlineData("/engines/{sleeper}/wake", "x=1")]
    [InlineData("/engines/{awake}/keep-awake", "minutes=60")]
    [InlineData("/engines/{sleeper}/pre-wake", "allowed=false")]
    [InlineData("/engines/{sleeper}/files/delete", "path=secret.txt")]
    public async Task An_administrators_does_not_wake_or_look_into_it(string target, string body)
    {
        var answer = await theatre.UnchangedAsync(async () => await SendAsync(theatre.Admin, await FilledAsync(target), body));
        if (answer.Status != 302)
            answer.ShouldBeRefused(403, 404);
    }

    private Task<RawAnswer> SendAsync(Cast who, string target, string body) =>
        theatre.SendAsync("POST", theatre.Dashboard, target, [who.DashboardCookies, who.Antiforgery, "Content-Type: application/x-www-form-urlencoded"], body);

    private async Task<string> FilledAsync(string text)
    {
        if (text.Contains("{token}", StringComparison.Ordinal))
        {
            var hers = await theatre.Alice.Person.CallAsync(HttpMethod.Get, "api/v1/tokens");
            text = text.Replace("{token}", hers.AsArray()[0]!["id"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        return text
            .Replace("{kept}", theatre.KeptDisk, StringComparison.Ordinal)
            .Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal)
            .Replace("{awake}", theatre.Awake.Id, StringComparison.Ordinal);
    }
}
