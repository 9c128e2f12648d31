using System.Net.WebSockets;
using System.Threading.Channels;

namespace Aigc.DemoEngine.Comfy;

/// <summary>One open socket: what is sent goes through a bounded queue, what is received is read and ignored.</summary>
internal sealed class ComfySocket(WebSocket socket)
{
    private readonly Channel<(WebSocketMessageType Type, byte[] Data)> _outbox =
        Channel.CreateBounded<(WebSocketMessageType, byte[])>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>A client that does not read is cut off: it connects again and asks for the history.</summary>
    public void Send(WebSocketMessageType type, byte[] data)
    {
        if (!_outbox.Writer.TryWrite((type, data)))
            _outbox.Writer.TryComplete();
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        var sending = SendAllAsync(stopping);
        var receiving = ReceiveAllAsync(stopping);
        await await Task.WhenAny(sending, receiving);
        _outbox.Writer.TryComplete();
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stopping);
        socket.Abort();
        await Task.WhenAll(sending, receiving).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task SendAllAsync(CancellationToken stopping)
    {
        await foreach (var (type, data) in _outbox.Reader.ReadAllAsync(stopping))
            await socket.SendAsync(data, type, endOfMessage: true, stopping);
    }

    private async Task ReceiveAllAsync(CancellationToken stopping)
    {
        var ignored = new byte[4096];
        while ((await socket.ReceiveAsync(ignored.AsMemory(), stopping)).MessageType != WebSocketMessageType.Close)
        {
        }
    }
}
