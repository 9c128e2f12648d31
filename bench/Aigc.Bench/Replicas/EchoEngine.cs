using System.Net.WebSockets;

namespace Aigc.Bench.Replicas;

/// <summary>An engine that says back what it is told over a WebSocket, and costs next to nothing.</summary>
internal static class EchoEngine
{
    public static string Template =>
        $$"""
        name: echo
        title: Echo
        description: For measuring.
        version: "1"
        local:
          command: dotnet
          arguments: ["{{typeof(EchoEngine).Assembly.Location}}", "role", "echo", "{port}"]
        readiness: { path: / }
        idleTimeout: 30m
        """;

    public static async Task<int> RunAsync(string port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
                return;
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[256];
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } told)
                await socket.SendAsync(buffer.AsMemory(0, told.Count), told.MessageType, told.EndOfMessage, context.RequestAborted);
        });
        await app.RunAsync();
        return 0;
    }
}
