namespace Aigc.Bench.Proxying;

/// <summary>Large bodies without memory for them.</summary>
public static class Bodies
{
    private const int Chunk = 64 * 1024;

    public static async Task WriteAsync(Stream stream, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        for (long left = length; left > 0; left -= Chunk)
            await stream.WriteAsync(buffer.AsMemory(0, (int)Math.Min(left, Chunk)), cancellationToken);
    }

    public static async Task<long> DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        long size = 0;
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
            size += read;
        return size;
    }

    /// <summary>A request body of so many bytes.</summary>
    public sealed class Content(long size) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => WriteAsync(stream, size, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
