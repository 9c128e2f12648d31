using System.Globalization;
using Aigc.Disks;

namespace Aigc.Worker.Tests.Disks;

public sealed class DiskPathTests
{
    [Theory]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData("/etc/passwd")]
    [InlineData("//a")]
    [InlineData("a//b")]
    [InlineData("a\\..\\b")]
    [InlineData("a\0b")]
    public void Ways_out_are_refused(string text) => DiskPath.TryParse(text, out _, out _).ShouldBeFalse();

    [Fact]
    public void Half_a_character_is_refused() => DiskPath.TryParse("a\ud800", out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("", "")]
    [InlineData("models/", "models")]
    [InlineData("models/a b.safetensors", "models/a b.safetensors")]
    [InlineData("...", "...")]
    [InlineData("图/猫😀.png", "图/猫😀.png")]
    public void Names_are_taken_as_they_are(string text, string expected)
    {
        DiskPath.TryParse(text, out var path, out _).ShouldBeTrue();
        path!.ToString().ShouldBe(expected);
    }

    [Fact]
    public void Whatever_is_accepted_stays_below_the_disk()
    {
        var random = new Random(7);
        string[] pieces = ["..", ".", "/", "\\", "\0", "a", "é", "\ud83d", "\ude00", " ", "%2e", ":", "~"];
        var accepted = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (!DiskPath.TryParse(text, out var path, out _))
                continue;
            accepted++;
            var full = Path.GetFullPath(Path.Combine(["/disk", .. path.Names]));
            (full + "/").ShouldStartWith("/disk/", Case.Sensitive, text.Length.ToString(CultureInfo.InvariantCulture));
        }

        accepted.ShouldBeGreaterThan(500);
    }
}
