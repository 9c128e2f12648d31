using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Aigc.DemoEngine.Tests.TestAids;

public sealed class TrafficTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Engine _engine;

    public TrafficTests() => _engine = new(_clock);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_001)]
    public async Task A_download_has_exactly_the_asked_size(int size)
    {
        using var answer = await _engine.Http.GetAsync($"demo/bytes?size={size}");
        answer.Content.Headers.ContentLength.ShouldBe(size);
        (await answer.Content.ReadAsByteArrayAsync()).Length.ShouldBe(size);
    }

    [Fact]
    public async Task An_upload_larger_than_any_order_is_counted_and_hashed()
    {
        var sent = RandomNumberGenerator.GetBytes(5_000_000);
        using var body = new ByteArrayContent(sent);
        var answer = await (await _engine.Http.PostAsync("demo/upload", body)).Content.ReadFromJsonAsync<JsonObject>();
        ((long)answer!["bytes"]!).ShouldBe(sent.Length);
        ((string?)answer["sha256"]).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(sent)));
    }

    [Fact]
    public async Task Events_come_one_by_one_in_their_interval()
    {
        using var answer = await _engine.Http.GetAsync("demo/sse?count=2&interval=5000", HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await LinesAsync(events)).ShouldBe(["id: 1", "data: 1", ""]);
        var second = LinesAsync(events);
        second.IsCompleted.ShouldBeFalse();
        await _engine.StepUntilAsync(() => Task.FromResult(second), s => s.IsCompleted);
        (await second).ShouldBe(["id: 2", "data: 2", ""]);
        (await events.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Headers_are_shown_as_they_arrived()
    {
        _engine.Http.DefaultRequestHeaders.Add("X-Two", ["a", "b"]);
        (await _engine.GetAsync("demo/headers"))["X-Two"]!.ToJsonString().ShouldBe("""["a, b"]""");
    }

    [Fact]
    public async Task Frames_come_back_as_they_were_sent()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new($"ws://127.0.0.1:{_engine.Http.BaseAddress!.Port}/demo/echo"), CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[16];
        var frame = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        (frame.MessageType, Encoding.UTF8.GetString(buffer, 0, frame.Count)).ShouldBe((WebSocketMessageType.Text, "hello"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        socket.CloseStatusDescription.ShouldBe("bye");
    }

    private static async Task<string?[]> LinesAsync(StreamReader events) =>
        [await events.ReadLineAsync(), await events.ReadLineAsync(), await events.ReadLineAsync()];

    public void Dispose() => _engine.Dispose();
}
