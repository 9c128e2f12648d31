using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Aigc.DemoEngine.Tests.Images;

/// <summary>A strict reader, written from the PNG specification and not from the engine: it throws on the first thing that is wrong.</summary>
internal sealed record PngFile(int Width, int Height, string? Text, byte[] Pixels)
{
    public static PngFile Read(ReadOnlySpan<byte> file)
    {
        file[..8].SequenceEqual("\u0089PNG\r\n\u001a\n".Select(c => (byte)c).ToArray()).ShouldBeTrue("the signature");
        var types = new List<string>();
        var (header, text, compressed) = (Array.Empty<byte>(), (string?)null, new MemoryStream());
        for (var rest = file[8..]; rest.Length > 0;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(rest);
            var type = Encoding.ASCII.GetString(rest.Slice(4, 4));
            var data = rest.Slice(8, length);
            BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..]).ShouldBe(Crc(rest.Slice(4, 4 + length)), $"the CRC of {type}");
            types.Add(type);
            if (type == "IHDR")
                header = data.ToArray();
            else if (type == "IDAT")
                compressed.Write(data);
            else if (type is "tEXt" or "iTXt")
                text = (type == "tEXt" ? Encoding.Latin1 : Encoding.UTF8).GetString(data);
            rest = rest[(12 + length)..];
        }
        types[0].ShouldBe("IHDR");
        types[^1].ShouldBe("IEND");
        types.Count(t => t is "IHDR" or "IEND").ShouldBe(2);
        header[8..].ShouldBe(new byte[] { 8, 2, 0, 0, 0 }, "8 bits, RGB, deflate, no interlace");
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        return new(width, height, text, Unfilter(Inflate(compressed), width, height));
    }

    private static byte[] Inflate(MemoryStream compressed)
    {
        compressed.Position = 0;
        using var inflate = new ZLibStream(compressed, CompressionMode.Decompress);
        using var lines = new MemoryStream();
        inflate.CopyTo(lines);
        return lines.ToArray();
    }

    private static byte[] Unfilter(byte[] lines, int width, int height)
    {
        var line = 1 + width * 3;
        lines.Length.ShouldBe(line * height, "the decompressed size");
        var pixels = new List<byte>(width * 3 * height);
        for (var row = 0; row < height; row++)
        {
            lines[row * line].ShouldBe((byte)1, "the filter Sub");
            for (var i = 0; i < width * 3; i++)
                pixels.Add((byte)(lines[row * line + 1 + i] + (i < 3 ? 0 : pixels[^3])));
        }
        return [.. pixels];
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
