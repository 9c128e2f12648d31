using System.Net;
using Aigc.ServiceDefaults.Limits;

namespace Aigc.Proxy.Tests.Limits;

public sealed class RateLimitTests
{
    [Fact]
    public void A_million_addresses_take_no_more_memory_than_some_thousands()
    {
        using var limit = new RateLimit(10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 1_000_000; i++)
        {
            BitConverter.TryWriteBytes(bytes, i);
            limit.Take(new IPAddress(bytes));
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(48L << 20);
    }

    [Theory]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    public void One_customer_is_one_address(string one, string other, bool same)
    {
        // Two that are apart may share a place by chance, once in 65536: not in a row of processes, and so not here.
        using var limit = new RateLimit(1);

        limit.Take(IPAddress.Parse(one)).ShouldBeNull();

        (limit.Take(IPAddress.Parse(other)) is not null).ShouldBe(same);
    }

    [Fact]
    public void It_tells_when_to_come_back_and_looking_costs_nothing()
    {
        using var limit = new RateLimit(2);
        var address = IPAddress.Loopback;
        for (var i = 0; i < 10; i++)
            limit.Look(address).ShouldBeNull();
        limit.Take(address).ShouldBeNull();
        limit.Take(address).ShouldBeNull();

        limit.Look(address).ShouldNotBeNull();
        limit.Take(address)!.Value.TotalSeconds.ShouldBeInRange(1, 30);
        new RateLimit(0).Take(address).ShouldBeNull();
    }
}
