using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Aigc.DemoEngine.Tests.Comfy;

/// <summary>What a ComfyUI script does: a socket, and orders under the same client id.</summary>
internal sealed class ComfyClient(Engine engine, string clientId) : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    public async Task<JsonObject> ConnectAsync()
    {
        await _socket.ConnectAsync(new($"ws://127.0.0.1:{engine.Http.BaseAddress!.Port}/ws?clientId={clientId}"), CancellationToken.None);
        return (await HearAsync()).Json.ShouldNotBeNull();
    }

    public async Task<string> OrderAsync(string prompt, int steps, int width, int height)
    {
        var answer = await engine.Http.PostAsJsonAsync("prompt", new { client_id = clientId, prompt = Graph(prompt, steps, width, height) });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["prompt_id"]!;
    }

    /// <summary>The next message, JSON or binary; neither when the socket is closed.</summary>
    public async Task<(JsonObject? Json, byte[]? Binary)> HearAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var frame = await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            if (frame.MessageType == WebSocketMessageType.Close)
                return (null, null);
            message.Write(buffer, 0, frame.Count);
            if (frame.EndOfMessage)
                return frame.MessageType == WebSocketMessageType.Binary ? (null, message.ToArray()) : (JsonNode.Parse(message.ToArray())!.AsObject(), null);
        }
    }

    /// <summary>Everything up to the message with which ComfyUI ends a job: executing, and no node.</summary>
    public async Task<(List<JsonObject> Messages, List<byte[]> Previews)> HearJobAsync()
    {
        var (messages, previews) = (new List<JsonObject>(), new List<byte[]>());
        while (true)
        {
            var (json, binary) = await HearAsync();
            if (binary is not null)
                previews.Add(binary);
            else
                messages.Add(json.ShouldNotBeNull("the socket was closed"));
            if ((string?)json?["type"] == "executing" && json["data"]!["node"] is null)
                return (messages, previews);
        }
    }

    public Task SayGoodbyeAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public void Dispose() => _socket.Dispose();

    private static Dictionary<string, object> Graph(string text, int steps, int width, int height) => new()
    {
        ["30"] = new { class_type = "KSampler", inputs = new { seed = 7, steps, positive = new object[] { "60", 0 }, latent_image = new object[] { "50", 0 } } },
        ["50"] = new { class_type = "EmptyLatentImage", inputs = new { width, height, batch_size = 1 } },
        ["60"] = new { class_type = "CLIPTextEncode", inputs = new { text } },
        ["90"] = new { class_type = "SaveImage", inputs = new { images = new object[] { "30", 0 } } },
    };
}
