using System.Text;

namespace Aigc.Worker.Local;

internal static class LogTail
{
    /// <summary>An engine may write gigabytes, and lines without end.</summary>
    private const int MaxBytes = 256 * 1024;

    public static async Task<string> ReadAsync(string path, int lines, CancellationToken ct)
    {
        if (lines <= 0 || !File.Exists(path))
            return "";
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, MaxBytes), SeekOrigin.End);
        var buffer = new byte[MaxBytes];
        var read = await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, ct);
        var all = Encoding.UTF8.GetString(buffer, 0, read).TrimEnd('\n').Split('\n');
        return string.Join('\n', all.TakeLast(lines));
    }
}
