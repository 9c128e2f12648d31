using System.Net;

namespace Aigc.DemoEngine.Tests.Images;

public sealed class ViewTests(Engine engine) : IClassFixture<Engine>
{
    [Theory]
    [InlineData("filename=../secret.png")]
    [InlineData("filename=/etc/passwd")]
    [InlineData("filename=..\\secret.png")]
    [InlineData("filename=.00000001-1.png.tmp")]
    [InlineData("filename=00000001-1.png&subfolder=..")]
    [InlineData("filename=00000001-1.png&type=input")]
    public async Task Files_outside_the_outputs_cannot_be_viewed(string query) =>
        (await engine.Http.GetAsync($"view?{query}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_link_among_the_outputs_is_neither_followed_nor_listed()
    {
        var secret = Path.Combine(Path.GetDirectoryName(engine.Outputs)!, "secret.txt");
        await File.WriteAllTextAsync(secret, "secret");
        File.CreateSymbolicLink(Path.Combine(engine.Outputs, "90000000-1.png"), secret);
        (await engine.Http.GetAsync("view?filename=90000000-1.png")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await engine.GetAsync("gallery")).ToJsonString().ShouldNotContain("90000000");
    }
}
