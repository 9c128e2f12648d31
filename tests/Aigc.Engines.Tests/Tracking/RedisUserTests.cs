using Aigc.Engines.Tracking;
using Aigc.Engines.Tracking.Redis;
using Aigc.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Engines.Tests.Tracking;

/// <summary>The contract as an ACL user with the documented rights and no more, on a Redis whose default user is off.</summary>
public class RedisUserTests : SessionTrackerContract, IAsyncLifetime
{
    private RedisServer _redis = null!;
    private RedisTracker _here = null!, _there = null!;

    protected override ISessionTracker Here => _here;

    protected override ISessionTracker There => _there;

    public async Task InitializeAsync()
    {
        _redis = await StartAsync();
        (_here, _there) = (Connect(), Connect());
    }

    public async Task DisposeAsync()
    {
        _here.Dispose();
        _there.Dispose();
        await _redis.DisposeAsync();
    }

    /// <summary>The user is <c>aigc</c> with the password <c>hunter2</c>.</summary>
    internal static async Task<string[]> OneUserAsync() =>
        ["--user", "default", "off", "--user", "aigc", "on", ">hunter2", .. await RedisSettingsTests.DocumentedRightsAsync()];

    protected virtual async Task<RedisServer> StartAsync() => await RedisServer.StartAsync(await OneUserAsync());

    protected virtual string ConnectionString(RedisServer redis) => $"{redis.ConnectionString},user=aigc,password=hunter2";

    private RedisTracker Connect() => new(
        ConnectionString(_redis), TimeProvider.System, NullLogger<RedisTracker>.Instance, times: new() { Settling = TimeSpan.Zero });
}

/// <summary>The same by TLS, with an authority of one's own.</summary>
public sealed class RedisUserByTlsTests : RedisUserTests
{
    protected override async Task<RedisServer> StartAsync()
    {
        var user = await OneUserAsync();
        return await RedisServer.StartAsync(folder =>
        {
            RedisSettingsTests.Certificate(folder, "server");
            return
            [
                "--port", "0", "--tls-cert-file", $"{folder}/server.pem", "--tls-key-file", $"{folder}/server.key",
                "--tls-ca-cert-file", $"{folder}/server.pem", "--tls-auth-clients", "no", .. user,
            ];
        });
    }

    protected override string ConnectionString(RedisServer redis) =>
        $"localhost:{redis.Port},user=aigc,password=hunter2,ssl=true,ca={redis.Folder}/server.pem";

    [Fact]
    public async Task A_users_password_is_not_told_to_who_only_poses_as_the_server()
    {
        await using var redis = await StartAsync();
        RedisSettingsTests.Certificate(redis.Folder, "stranger");
        foreach (var wrong in new[] { $"ca={redis.Folder}/stranger.pem", $"ca={redis.Folder}/server.pem,sslHost=another" })
        {
            using var tracker = new RedisTracker(
                $"localhost:{redis.Port},user=aigc,password=hunter2,ssl=true,{wrong}", TimeProvider.System, NullLogger<RedisTracker>.Instance);
            var told = await Should.ThrowAsync<TrackerAwayException>(tracker.BeginTermAsync(new(1), [], InTime));
            told.ToString().ShouldContain("certificate");
            told.ToString().ShouldContain($"localhost:{redis.Port}");
        }
    }
}
