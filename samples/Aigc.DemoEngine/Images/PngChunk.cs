using System.Buffers.Binary;
using System.Text;

namespace Aigc.DemoEngine.Images;

/// <summary>Length, type, data, and the CRC-32 of type and data.</summary>
internal static class PngChunk
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcEntry)];

    public static void Write(Stream output, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BigEndian(word, (uint)data.Length);
        output.Write(word);
        Encoding.ASCII.GetBytes(type, word);
        var crc = Crc(Crc(uint.MaxValue, word), data) ^ uint.MaxValue;
        output.Write(word);
        output.Write(data);
        BigEndian(word, crc);
        output.Write(word);
    }

    public static void BigEndian(Span<byte> target, uint value) => BinaryPrimitives.WriteUInt32BigEndian(target, value);

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcEntry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            entry = (entry & 1) == 1 ? 0xEDB88320u ^ (entry >> 1) : entry >> 1;
        return entry;
    }
}
