using Aigc.Api.SigningIn;
using Aigc.Testing;
using Xunit.Abstractions;

namespace Aigc.Api.Tests.Fuzzing;

public sealed class LocalPathFuzz(ITestOutputHelper output)
{
    private static readonly Uri Here = new("http://gateway.example/deep/er");

    private static readonly string[] Pieces =
        ["/", "//", "/\\", "\\", "/.", "/..", "evil.example", "http:", "https://", "javascript:", "?", "#", "%2f", "%5c", "%0d%0a", "@", ":80", "/x", "a=b", "\r\nSet-Cookie: x=y"];

    [Fact]
    public void No_sign_in_ends_on_another_host() => Fuzz.Run(100_000, Pieces, output.WriteLine, path =>
    {
        var local = LocalPath.Or(path);
        Fuzz.Require(local.All(c => c is >= '!' and <= '~'), local);
        var read = local.Replace('\\', '/');
        Fuzz.Require(read[0] == '/' && !read.StartsWith("//", StringComparison.Ordinal), local);
        Fuzz.Require(new Uri(Here, read).GetLeftPart(UriPartial.Authority) == "http://gateway.example", local);
    });
}
