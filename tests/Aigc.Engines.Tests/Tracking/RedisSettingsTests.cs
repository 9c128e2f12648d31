using System.Diagnostics;
using Aigc.Engines.Tracking;
using Aigc.Engines.Tracking.Redis;
using Aigc.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Engines.Tests.Tracking;

public sealed class RedisSettingsTests
{
    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Theory]
    [InlineData("redis://:hunter2@host:6379", "URL")]
    [InlineData("host:port", "'host:port' is no host:port")]
    [InlineData("host:70000", "1 to 65535")]
    [InlineData("password=hunter2", "names no server")]
    [InlineData("host:1,pasword=hunter2", "'pasword'")]
    [InlineData("host:1,ssl=maybe", "'ssl'")]
    [InlineData("host:1,password=ab,hun=ter2", "part 3")]
    [InlineData("host:1,password=ab,hunter2:x", "comma")]
    [InlineData("host:1,ca=/nowhere.pem", "/nowhere.pem")]
    [InlineData("user=artist,password=hunter2", "names no server")]
    [InlineData("host:1,user=artist,password=ab,hunter2:x", "comma")]
    public void A_wrong_connection_string_is_told_by_its_wrong_part_and_never_by_its_password(string wrong, string told)
    {
        var message = Should.Throw<FormatException>(() => { using var _ = Connect(wrong); }).Message;
        message.ShouldStartWith("ConnectionStrings:tracker");
        message.ShouldContain(told);
        message.ShouldNotContain("hunter2");
        message.ShouldNotContain("ter2");
    }

    [Fact]
    public async Task A_wrong_password_is_called_one()
    {
        await using var redis = await RedisServer.StartAsync("--requirepass", "right one");
        using (var right = Connect($"{redis.ConnectionString},password=right one"))
            await right.BeginTermAsync(new(1), [], InTime);
        using var wrong = Connect($"{redis.ConnectionString},password=hunter2");
        var told = await Should.ThrowAsync<TrackerAwayException>(wrong.BeginTermAsync(new(1), [], InTime));
        told.ToString().ShouldNotContain("hunter2");
    }

    internal static async Task<string[]> DocumentedRightsAsync()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "tracker.md"));
        return docs[docs.IndexOf("`~aigc:*", StringComparison.Ordinal)..].Split('`')[1].Split(' ');
    }

    [Fact]
    public async Task A_user_with_the_rights_that_the_docs_name_has_enough()
    {
        await using var redis = await RedisServer.StartAsync(["--user", "default", "on", ">secret", "resetkeys", "resetchannels", "-@all", .. await DocumentedRightsAsync()]);
        using var tracker = Connect($"{redis.ConnectionString},password=secret");
        var route = SessionTrackerContract.SomeRoute("a");
        var signIn = SessionTrackerContract.SomeSignIn("limited");

        await tracker.BeginTermAsync(new(1), [route], InTime);
        await using var seen = Watched.By(tracker);
        await seen.UntilAsync(all => all is [TrackerChange.Snapshot { Complete: true, Routes.Count: 1 }]);
        await tracker.PutSignInAsync(signIn, InTime);
        (await tracker.FindSignInAsync(signIn.Key, InTime)).ShouldBe(signIn);
        await tracker.RevokeSignInAsync(signIn.Key, InTime);
        await seen.UntilAsync(all => all[^1] == new TrackerChange.SignInRevoked(signIn.Key));
        await tracker.ReportLeasesAsync("proxy", [new(route.Engine, 1, TimeSpan.Zero)], InTime);
        (await Should.ThrowAsync<TrackerAwayException>(tracker.GetActivityAsync(InTime))).Message.ShouldContain("began anew");
        await tracker.RemoveRouteAsync(route.Engine, new(1), InTime);
    }

    [Fact]
    public async Task Nobody_reads_along_and_nobody_poses_as_the_server()
    {
        await using var redis = await RedisServer.StartAsync(folder =>
        {
            Certificate(folder, "server");
            Certificate(folder, "stranger");
            return
            [
                "--port", "0", "--tls-cert-file", $"{folder}/server.pem", "--tls-key-file", $"{folder}/server.key",
                "--tls-ca-cert-file", $"{folder}/server.pem", "--tls-auth-clients", "no",
            ];
        });
        using (var tracker = Connect($"localhost:{redis.Port},ssl=true,ca={redis.Folder}/server.pem"))
            await tracker.BeginTermAsync(new(1), [], InTime);
        using (var unknown = Connect($"localhost:{redis.Port},ssl=true,ca={redis.Folder}/stranger.pem"))
            await Should.ThrowAsync<TrackerAwayException>(unknown.BeginTermAsync(new(1), [], InTime));
        using (var misnamed = Connect($"localhost:{redis.Port},ssl=true,sslHost=another,ca={redis.Folder}/server.pem"))
            await Should.ThrowAsync<TrackerAwayException>(misnamed.BeginTermAsync(new(1), [], InTime));
    }

    private static RedisTracker Connect(string connectionString) => new(connectionString, TimeProvider.System, NullLogger<RedisTracker>.Instance);

    internal static void Certificate(string folder, string name)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl",
        [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", $"{folder}/{name}.key", "-out", $"{folder}/{name}.pem",
        ])
        { RedirectStandardError = true })!;
        openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        openssl.ExitCode.ShouldBe(0, "openssl must be there to make a certificate");
    }
}
