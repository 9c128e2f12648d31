using System.IO.Compression;
using System.Text;
using Aigc.DemoEngine.Painting;

namespace Aigc.DemoEngine.Images;

/// <summary>Writes 8-bit RGB PNG files while they are painted: one row in memory, the same bytes for the same picture.</summary>
internal static class Png
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Write(Stream output, Painter painter, string? parameters, CompressionLevel level)
    {
        output.Write(Signature);
        var header = new byte[13];
        PngChunk.BigEndian(header, (uint)painter.Width);
        PngChunk.BigEndian(header.AsSpan(4), (uint)painter.Height);
        header[8] = 8; // bits per channel
        header[9] = 2; // colour type RGB
        PngChunk.Write(output, "IHDR", header);
        if (parameters is not null)
            WriteText(output, "parameters", parameters);
        using (var data = new BufferedStream(new PngDataStream(output), 64 * 1024))
        using (var deflate = new ZLibStream(data, level))
            WriteRows(deflate, painter);
        PngChunk.Write(output, "IEND", []);
    }

    private static void WriteRows(Stream deflate, Painter painter)
    {
        var pixels = new byte[painter.Width * 3];
        var line = new byte[pixels.Length + 1];
        line[0] = 1; // filter "Sub": each byte minus the same channel of the pixel to the left
        for (var row = 0; row < painter.Height; row++)
        {
            painter.PaintRow(row, pixels);
            for (var i = 0; i < pixels.Length; i++)
                line[i + 1] = (byte)(pixels[i] - (i < 3 ? 0 : pixels[i - 3]));
            deflate.Write(line);
        }
    }

    /// <summary>tEXt where Latin-1 can say it, else iTXt in UTF-8, as A1111 does.</summary>
    private static void WriteText(Stream output, string keyword, string text)
    {
        if (text.All(c => c <= 0xFF))
            PngChunk.Write(output, "tEXt", Encoding.Latin1.GetBytes($"{keyword}\0{text}"));
        else
            PngChunk.Write(output, "iTXt", Encoding.UTF8.GetBytes($"{keyword}\0\0\0\0\0{text}"));
    }
}
