using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Aigc.DemoEngine.Images;

/// <summary>Reads prompt and seed back from the text chunk that follows the header of our own PNG files.</summary>
internal static partial class PngText
{
    /// <summary>Signature (8) + IHDR (25).</summary>
    private const int TextChunkAt = 33;
    private const int LongestText = 64 * 1024;

    public static (string Prompt, string Seed)? Read(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[TextChunkAt + 8];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(TextChunkAt));
        var type = Encoding.ASCII.GetString(head, TextChunkAt + 4, 4);
        if (type is not ("tEXt" or "iTXt") || length > LongestText)
            return null;
        var data = new byte[length];
        if (file.ReadAtLeast(data, data.Length, throwOnEndOfStream: false) < data.Length)
            return null;
        var text = (type == "tEXt" ? Encoding.Latin1 : Encoding.UTF8).GetString(data);
        var match = Parameters().Match(text);
        return match.Success ? (match.Groups["prompt"].Value, match.Groups["seed"].Value) : null;
    }

    [GeneratedRegex(@"^parameters\0+(?<prompt>.*)\nSteps: .*Seed: (?<seed>\d+)", RegexOptions.Singleline)]
    private static partial Regex Parameters();
}
