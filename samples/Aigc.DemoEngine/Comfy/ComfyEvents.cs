using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Aigc.DemoEngine.Generating;

namespace Aigc.DemoEngine.Comfy;

/// <summary>ComfyUI's WebSocket messages. The queue's length goes to everybody, a job's news to the client that ordered it.</summary>
internal sealed class ComfyEvents(JobQueue queue)
{
    private readonly ConcurrentDictionary<string, ComfySocket> _sockets = new();

    /// <summary>As in ComfyUI, a second socket with the same client id replaces the first, which stays open and hears nothing more.</summary>
    public void Connect(string clientId, ComfySocket socket)
    {
        _sockets[clientId] = socket;
        Send(socket, "status", Status(clientId));
        if (queue.Unfinished().Running is { } job && job.ClientId == clientId)
            Send(socket, "executing", new { node = job.Graph.Sampler, prompt_id = job.Id });
    }

    public void Disconnect(string clientId, ComfySocket socket) => _sockets.TryRemove(KeyValuePair.Create(clientId, socket));

    public void QueueChanged()
    {
        foreach (var socket in _sockets.Values)
            Send(socket, "status", Status(sid: null));
    }

    public void Started(Job job)
    {
        QueueChanged();
        SendTo(job, "execution_start", new { prompt_id = job.Id });
        SendTo(job, "executing", new { node = job.Graph.Sampler, prompt_id = job.Id });
    }

    public void Progressed(Job job)
    {
        var progress = job.Progress;
        SendTo(job, "progress", new { value = progress.Step, max = job.Order.Steps, prompt_id = job.Id, node = job.Graph.Sampler });
        if (progress.Preview is { } preview && SocketOf(job) is { } socket)
            socket.Send(WebSocketMessageType.Binary, PreviewFrame(preview));
    }

    public void Finished(Job job)
    {
        if (job.Completion.IsCompletedSuccessfully)
        {
            SendTo(job, "executed", new { node = job.Graph.Output, output = ComfyHistory.Output(job), prompt_id = job.Id });
            SendTo(job, "execution_success", new { prompt_id = job.Id });
        }
        else
        {
            SendTo(job, "execution_error", new { prompt_id = job.Id, node_id = job.Graph.Output, exception_message = ComfyHistory.Failure(job) });
        }
        SendTo(job, "executing", new { node = (string?)null, prompt_id = job.Id });
        QueueChanged();
    }

    private ComfySocket? SocketOf(Job job) => job.ClientId is { } id ? _sockets.GetValueOrDefault(id) : null;

    private void SendTo(Job job, string type, object data)
    {
        if (SocketOf(job) is { } socket)
            Send(socket, type, data);
    }

    private object Status(string? sid)
    {
        var status = new { exec_info = new { queue_remaining = queue.Remaining() } };
        return sid is null ? new { status } : new { status, sid };
    }

    private static void Send(ComfySocket socket, string type, object data) =>
        socket.Send(WebSocketMessageType.Text, JsonSerializer.SerializeToUtf8Bytes(new { type, data }));

    /// <summary>Event 1 (preview image), image type 2 (PNG), both big-endian, then the file.</summary>
    private static byte[] PreviewFrame(byte[] png)
    {
        var frame = new byte[8 + png.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, 1);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), 2);
        png.CopyTo(frame, 8);
        return frame;
    }
}
