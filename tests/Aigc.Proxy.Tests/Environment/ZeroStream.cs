namespace Aigc.Proxy.Tests.Environment;

/// <summary>So many bytes without the memory for them.</summary>
public sealed class ZeroStream(long length) : Stream
{
    private long _left = length;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static async Task<long> DrainAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        long size = 0;
        while (await stream.ReadAsync(buffer) is var read and > 0)
            size += read;
        return size;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = (int)Math.Min(count, _left);
        _left -= read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
