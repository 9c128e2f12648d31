namespace Aigc.Attacks.Tests.Stage;

/// <summary>The suite is worth what it notices: an attack that succeeds must fail its test, in whichever way it succeeds.</summary>
[Collection(nameof(OneTheatre))]
public sealed class TheatreTests(Theatre theatre)
{
    [Fact]
    public async Task A_request_that_reaches_an_engine_is_noticed() =>
        (await NoticedAsync(() => theatre.SendAsync("GET", theatre.Awake.Url.Authority, "/heard", [theatre.Alice.Bearer]))).ShouldContain("/heard");

    [Fact]
    public async Task A_row_that_is_new_is_noticed() =>
        (await NoticedAsync(() => Cast.NewTokenAsync(theatre.Bob.Person))).ShouldContain("new: [tokens");

    [Fact]
    public async Task A_row_that_is_other_is_noticed() =>
        (await NoticedAsync(() => theatre.Alice.Person.CallAsync(HttpMethod.Post, $"api/v1/engines/{theatre.Awake.Id}/keep-awake", new { minutes = 600 }))).ShouldContain("new: [engines");

    [Fact]
    public async Task A_file_that_is_other_is_noticed()
    {
        var file = Path.Combine(theatre.DiskOf(theatre.Awake), "noticed.txt");
        (await NoticedAsync(() => File.WriteAllTextAsync(file, "x"))).ShouldContain("noticed.txt");
    }

    private async Task<string> NoticedAsync(Func<Task> act) => (await Record.ExceptionAsync(() => theatre.UnchangedAsync(act))).ShouldNotBeNull().Message;
}
