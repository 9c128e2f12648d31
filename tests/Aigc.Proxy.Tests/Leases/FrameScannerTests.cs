using Aigc.Proxy.Leases;

namespace Aigc.Proxy.Tests.Leases;

public sealed class FrameScannerTests
{
    private const byte Text = 0x81, Continuation = 0x80, Close = 0x88, Ping = 0x89, Pong = 0x8A;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Only_data_frames_are_activity_however_the_bytes_are_split(int chunk)
    {
        byte[] control = [.. Frame(Ping, 125, masked: true), .. Frame(Pong, 0), .. Frame(Close, 2, masked: true)];
        foreach (var size in new[] { 0, 1, 125, 126, 65_535, 65_536 })
        {
            foreach (var masked in new[] { false, true })
            {
                var scanner = new FrameScanner();
                Scan(ref scanner, control, chunk).ShouldBeFalse();
                Scan(ref scanner, Frame(Text, size, masked), chunk).ShouldBeTrue();
                Scan(ref scanner, control, chunk).ShouldBeFalse();
                Scan(ref scanner, Frame(Continuation, size, masked), chunk).ShouldBeTrue();
                Scan(ref scanner, control, chunk).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void A_data_frame_that_goes_on_is_activity_with_each_part()
    {
        var scanner = new FrameScanner();
        var frame = Frame(Text, 100_000);
        scanner.Scan(frame.AsSpan(0, 50)).ShouldBeTrue();
        scanner.Scan(frame.AsSpan(50, 50)).ShouldBeTrue();
    }

    private static bool Scan(ref FrameScanner scanner, byte[] bytes, int chunk)
    {
        var data = false;
        foreach (var part in bytes.Chunk(chunk))
            data |= scanner.Scan(part);
        return data;
    }

    // The payload is 0x81 throughout: taken for a header, it would be a text frame.
    private static byte[] Frame(byte opcode, int size, bool masked = false)
    {
        var bit = (byte)(masked ? 0x80 : 0);
        byte[] length = size switch
        {
            < 126 => [(byte)(size | bit)],
            < 65_536 => [(byte)(126 | bit), (byte)(size >> 8), (byte)size],
            _ => [(byte)(127 | bit), 0, 0, 0, 0, (byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size],
        };
        return [opcode, .. length, .. masked ? [0x81, 0x81, 0x81, 0x81] : Array.Empty<byte>(), .. Enumerable.Repeat((byte)0x81, size)];
    }
}
