using Aigc.Proxy.Forwarding;

namespace Aigc.Proxy.Tests.Forwarding;

public sealed class SetCookieRulesTests
{
    [Theory]
    [InlineData("theme=dark; Path=/; HttpOnly")]
    [InlineData("a=b; Max-Age=1")]
    [InlineData("not-aigc-engine=1")]
    public void An_engine_sets_cookies_for_itself(string line) => SetCookieRules.Allows(line).ShouldBeTrue();

    [Theory]
    [InlineData("aigc-engine=evil")]
    [InlineData("AIGC-Engine=evil; Path=/")]
    [InlineData("  aigc-engine=evil")]
    [InlineData("\"aigc-engine\"=evil")]
    [InlineData("__Host-aigc-engine=evil; Secure; Path=/")]
    [InlineData("__HOST-AIGC-x=1")]
    [InlineData("theme=dark; Domain=engines.localhost")]
    [InlineData("theme=dark;dOmAiN = localhost")]
    [InlineData("theme=dark;Domain")]
    [InlineData("=aigc-engine=evil")]
    [InlineData("aigc-engine")]
    [InlineData("")]
    public void No_cookie_of_an_engine_reaches_other_hosts_or_looks_like_ours(string line) => SetCookieRules.Allows(line).ShouldBeFalse();
}
