using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Routes;

namespace Aigc.Proxy.Tests.Routes;

public sealed class RouteTableTests
{
    [Fact]
    public void A_snapshot_from_before_an_engine_was_taken_does_not_hide_it()
    {
        var routes = new RouteTable(TimeProvider.System);
        var route = new Route
        {
            Engine = EngineId.New(),
            Host = "new",
            Owner = new("alice"),
            Group = new("studio"),
            Title = new("Demo"),
            State = EngineState.Asleep,
            Reason = new(Reasons.Created),
            Since = TimeProvider.System.GetUtcNow(),
            Generation = 1,
        };
        routes.PutIfUnknown(route);
        routes.Replace([]);
        routes.Find("new").ShouldNotBeNull("who visits it would be told that there is no such engine");

        routes.Put(route);
        routes.Replace([]);
        routes.Find("new").ShouldBeNull("the tracker has known it, and knows it no more");
    }
}
