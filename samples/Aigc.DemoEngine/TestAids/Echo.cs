using System.Net.WebSockets;

namespace Aigc.DemoEngine.TestAids;

/// <summary>Sends every WebSocket frame back as it came.</summary>
internal static class Echo
{
    public static async Task HandleAsync(HttpContext context, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        try
        {
            await EchoAsync(socket, lifetime.ApplicationStopping);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client left without a goodbye, or the engine stops.
        }
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken stopping)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var frame = await socket.ReceiveAsync(buffer.AsMemory(), stopping);
            if (frame.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, socket.CloseStatusDescription, stopping);
                return;
            }
            await socket.SendAsync(buffer.AsMemory(0, frame.Count), frame.MessageType, frame.EndOfMessage, stopping);
        }
    }
}
