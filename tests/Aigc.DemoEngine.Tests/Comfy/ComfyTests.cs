using System.Net;
using System.Text.Json.Nodes;
using Aigc.DemoEngine.Tests.Images;

namespace Aigc.DemoEngine.Tests.Comfy;

public sealed class ComfyTests(Engine engine) : IClassFixture<Engine>
{
    [Fact]
    public async Task An_order_is_followed_on_the_socket_and_its_image_is_the_file_on_the_disk()
    {
        using var client = new ComfyClient(engine, "follower");
        var greeting = await client.ConnectAsync();
        ((string?)greeting["type"]).ShouldBe("status");
        ((string?)greeting["data"]!["sid"]).ShouldBe("follower");

        var id = await client.OrderAsync("lake", steps: 3, width: 640, height: 320);
        var (messages, previews) = await client.HearJobAsync();
        var job = messages.Where(m => (string?)m["type"] != "status").ToList();
        job.Select(m => (string?)m["type"]).ShouldBe(
            ["execution_start", "executing", "progress", "progress", "progress", "executed", "execution_success", "executing"]);
        job.ShouldAllBe(m => (string?)m["data"]!["prompt_id"] == id);
        job.Where(m => (string?)m["type"] == "progress").Select(m => (int)m["data"]!["value"]!).ShouldBe([1, 2, 3]);
        messages.ShouldContain(m => (string?)m["type"] == "status" && (int)m["data"]!["status"]!["exec_info"]!["queue_remaining"]! == 1);

        previews.Count.ShouldBe(3);
        // Event 1 (preview), image type 2 (PNG).
        previews.ShouldAllBe(p => p.Take(8).SequenceEqual(new byte[] { 0, 0, 0, 1, 0, 0, 0, 2 }));
        var preview = PngFile.Read(previews[^1].AsSpan(8));
        (preview.Width, preview.Height).ShouldBe((192, 96));

        var image = (await HistoryAsync(id))["outputs"]!["90"]!["images"]!.AsArray().ShouldHaveSingleItem()!;
        job.Single(m => (string?)m["type"] == "executed")["data"]!["output"]!["images"]![0]!.ToJsonString().ShouldBe(image.ToJsonString());
        var name = (string)image["filename"]!;
        var viewed = await engine.Http.GetByteArrayAsync($"view?filename={name}&subfolder=&type=output");
        viewed.ShouldBe(await File.ReadAllBytesAsync(Path.Combine(engine.Outputs, name)));
        PngFile.Read(viewed).Width.ShouldBe(640);
    }

    [Fact]
    public async Task A_second_socket_of_the_same_client_replaces_the_first()
    {
        using var first = new ComfyClient(engine, "reloaded");
        using var second = new ComfyClient(engine, "reloaded");
        await first.ConnectAsync();
        await second.ConnectAsync();
        await second.OrderAsync("lake", steps: 1, width: 64, height: 64);
        (await second.HearJobAsync()).Previews.ShouldHaveSingleItem();

        // Whatever the first one was sent comes before the answer to its goodbye.
        await first.SayGoodbyeAsync();
        (await first.HearAsync()).ShouldBe((null, null));

        await second.OrderAsync("lake", steps: 1, width: 64, height: 64);
        (await second.HearJobAsync()).Previews.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_job_goes_on_when_its_socket_is_gone()
    {
        var client = new ComfyClient(engine, "leaver");
        await client.ConnectAsync();
        var id = await client.OrderAsync("lake", steps: 2, width: 64, height: 64);
        client.Dispose();
        ((string?)(await HistoryAsync(id))["status"]!["status_str"]).ShouldBe("success");
    }

    [Theory]
    [InlineData("""{"prompt":{}}""")]
    [InlineData("""{"prompt":{"3":{"class_type":"KSampler","inputs":{"positive":["9",0],"latent_image":["3",0]}}}}""")]
    [InlineData("""{"prompt":7}""")]
    [InlineData("null")]
    public async Task A_graph_that_cannot_be_run_is_refused_with_a_reason(string body)
    {
        using var content = new StringContent(body);
        var answer = await engine.Http.PostAsync("prompt", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["message"]).ShouldNotBeNullOrEmpty();
    }

    private async Task<JsonNode> HistoryAsync(string id) =>
        (await Engine.UntilAsync(() => engine.GetAsync($"history/{id}"), h => h.ContainsKey(id)))[id]!;
}
