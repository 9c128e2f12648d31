using System.Net;
using System.Text.Json.Nodes;
using Aigc.DemoEngine.Tests.Images;

namespace Aigc.DemoEngine.Tests.A1111;

public sealed class Txt2ImgTests : IDisposable
{
    private readonly Engine _engine = new(new ManualClock());

    [Fact]
    public async Task Progress_tells_a_busy_engine_from_an_idle_one()
    {
        JobCount(await ProgressAsync()).ShouldBe(0);

        var painting = _engine.PaintAsync(steps: 4);
        var running = await Engine.UntilAsync(ProgressAsync, p => JobCount(p) > 0);
        ((double)running["progress"]!).ShouldBe(0);
        running = await _engine.StepUntilAsync(ProgressAsync, p => (double)p["progress"]! > 0);
        ((double)running["progress"]!).ShouldBeInRange(0.25, 1);
        ((int)running["state"]!["sampling_steps"]!).ShouldBe(4);
        PngFile.Read(Convert.FromBase64String((string)running["current_image"]!)).Width.ShouldBe(96);

        await _engine.StepUntilAsync(ProgressAsync, p => JobCount(p) == 0);
        PngFile.Read(await painting).Width.ShouldBe(96);
    }

    [Fact]
    public async Task A_job_goes_on_when_its_client_leaves()
    {
        using var leaving = new CancellationTokenSource();
        var order = _engine.Txt2ImgAsync(new { prompt = "lake", steps = 3, width = 64, height = 64 }, leaving.Token);
        await Engine.UntilAsync(ProgressAsync, p => JobCount(p) > 0);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(order);

        await _engine.StepUntilAsync(ProgressAsync, p => JobCount(p) == 0);
        var file = Directory.GetFiles(_engine.Outputs).ShouldHaveSingleItem();
        PngFile.Read(await File.ReadAllBytesAsync(file)).Height.ShouldBe(64);
    }

    [Theory]
    [InlineData("""{"width":63}""", "width")]
    [InlineData("""{"height":2049}""", "height")]
    [InlineData("""{"width":"512"}""", "width")]
    [InlineData("""{"height":99.5}""", "height")]
    [InlineData("""{"steps":0}""", "steps")]
    [InlineData("""{"seed":-2}""", "seed")]
    [InlineData("""{"batch_size":3,"n_iter":3}""", "n_iter")]
    [InlineData("""{"prompt":[]}""", "prompt")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    public async Task An_order_that_cannot_be_made_is_refused_with_the_field_that_is_wrong(string order, string field)
    {
        using var body = new StringContent(order);
        var answer = await _engine.Http.PostAsync("sdapi/v1/txt2img", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)error["loc"]![1]).ShouldBe(field);
        ((string?)error["msg"]).ShouldNotBeNullOrEmpty();
    }

    private Task<JsonObject> ProgressAsync() => _engine.GetAsync("sdapi/v1/progress");

    private static int JobCount(JsonObject progress) => (int)progress["state"]!["job_count"]!;

    public void Dispose() => _engine.Dispose();
}
