using System.Text;
using Aigc.Disks;
using Aigc.Testing;
using Xunit.Abstractions;

namespace Aigc.Worker.Tests.Disks;

public sealed class DiskPathFuzz(ITestOutputHelper output)
{
    private const string Disk = "/disks/alice";

    private static readonly string[] Pieces =
        ["/", "//", ".", "..", "../", "/..", "...", "outputs", "a b", "名前.png", new('x', 255), new('y', 256), "\\", "\0", "%2e%2e", "~", "C:", "CON", "\u202e", "e\u0301"];

    /// <summary>The file system's own way of reading paths is the rule: what is accepted is below the disk, name by name as written.</summary>
    [Fact]
    public void No_path_leads_out_of_the_disk() => Fuzz.Run(200_000, Pieces, output.WriteLine, text =>
    {
        if (!DiskPath.TryParse(text, out var path, out var error))
        {
            Fuzz.Require(!string.IsNullOrEmpty(error), "it says what is wrong");
            return;
        }
        var full = Path.GetFullPath(Path.Combine([Disk, .. path.Names]));
        Fuzz.Require(full == (path.IsRoot ? Disk : $"{Disk}/{path}"), full);
        Fuzz.Require(path.Names.All(name => name.Length > 0 && !name.Contains('/') && !name.Contains('\0') && Encoding.UTF8.GetByteCount(name) <= 255), full);
        Fuzz.Require(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(full)) == full, "it reaches the disk under this very name");
        Fuzz.Require(DiskPath.TryParse(path.ToString(), out var again, out _) && again == path, "it reads as it is written");
    });
}
