using Aigc.Engines.People;
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>Names of everything in Redis; docs/tracker.md has them as a table.</summary>
internal sealed class RedisKeys(string prefix)
{
    public string Prefix => prefix;

    public RedisKey Head { get; } = prefix + "head";

    public RedisKey Routes { get; } = prefix + "routes";

    public RedisKey Changes { get; } = prefix + "changes";

    public RedisKey Proxies { get; } = prefix + "proxies";

    public RedisKey Activity { get; } = prefix + "activity";

    public RedisKey Since { get; } = prefix + "since";

    public string LeasesOf => prefix + "leases:";

    public string SignIns => prefix + "sign-in:";

    public RedisChannel Channel { get; } = new(prefix + "changes", RedisChannel.PatternMode.Literal);

    public RedisKey Staged(string epoch) => prefix + "routes:" + epoch;

    public RedisKey Leases(string proxy) => LeasesOf + proxy;

    public RedisKey SignIn(SignInKey key) => SignIns + key.Value;

    public RedisKey Children(SignInKey parent) => prefix + "sign-ins-of:" + parent.Value;

    public RedisKey Code(SignInKey key) => prefix + "code:" + key.Value;
}
