using System.Net;
using Aigc.Testing;

namespace Aigc.EndToEnd.Tests;

/// <summary>
/// A server that hangs is worse than one that is gone: nothing is refused, everything waits. People who work go on
/// working, those who come wait and then go on, and nobody is signed out.
/// </summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);

    /// <summary>A person at work notices a hitch, no more.</summary>
    private static readonly TimeSpan Hitch = TimeSpan.FromSeconds(6);

    [Fact]
    public Task Work_goes_on_while_Redis_hangs() => WorkGoesOnAsync(product => product.Servers("redis-server"));

    [Fact]
    public Task Work_goes_on_while_Postgres_hangs() => WorkGoesOnAsync(product => [.. product.Postmasters().SelectMany(master => Processes.ChildrenOf(master).Append(master))]);

    private static async Task WorkGoesOnAsync(Func<Product, IReadOnlyList<int>> server)
    {
        await using var product = new Product { Stores = "servers" };
        product.Environment["AIGC_REPLICAS"] = "2";
        await product.StartAsync();
        using var admin = await product.Person("admin").SignInAsync();
        await admin.OfferAsync("quick", Templates.Quick);
        await admin.OfferAsync("dozer", Templates.Dozer);
        using var alice = await product.Person("alice").SignInAsync();
        using var bob = await product.Person("bob").SignInAsync();
        var (working, sleeping) = (await alice.TakeAsync("quick"), await bob.TakeAsync("quick"));
        // A dozer falls asleep 5 s after the last thing that anybody heard of; what is forgotten in the outage is not idleness.
        var dozing = await alice.TakeAsync("dozer");
        await MainJobTests.GenerateAsync(working, "before", 1);
        await MainJobTests.GenerateAsync(dozing, "before", 1);
        (await sleeping.NavigateAsync()).Dispose();
        await sleeping.AskAsync("sleep");
        await sleeping.ReachesAsync("Asleep");

        var paused = server(product);
        paused.ShouldNotBeEmpty();
        Task<HttpResponseMessage> arrival;
        var visits = 0;
        try
        {
            foreach (var pid in paused)
                Processes.Signal(pid, "STOP");
            var began = TimeProvider.System.GetTimestamp();
            arrival = sleeping.VisitAsync("healthz");
            while (TimeProvider.System.GetElapsedTime(began) < Outage)
            {
                foreach (var engine in new[] { working, dozing })
                {
                    var asked = TimeProvider.System.GetTimestamp();
                    using var answer = await engine.VisitAsync("healthz");
                    answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"visit {visits} after {TimeProvider.System.GetElapsedTime(began)}");
                    TimeProvider.System.GetElapsedTime(asked).ShouldBeLessThan(Hitch, $"visit {visits} after {TimeProvider.System.GetElapsedTime(began)}");
                    visits++;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
            }
        }
        finally
        {
            foreach (var pid in paused)
                Processes.Signal(pid, "CONT");
        }

        visits.ShouldBeGreaterThan(50);
        using (var arrived = await arrival)
            arrived.StatusCode.ShouldBe(HttpStatusCode.OK, $"a visit that came during the outage waits and then goes on, but got: {await arrived.Content.ReadAsStringAsync()}");
        await Eventually.TrueAsync("the dashboard answers", TimeSpan.FromSeconds(30), async () =>
        {
            using var answer = await alice.SendAsync(HttpMethod.Get, "api/v1/engines");
            answer.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized, "nobody is signed out");
            return answer.IsSuccessStatusCode;
        });
        await MainJobTests.GenerateAsync(working, "after", 2);
        (await working.ReadAsync())["generation"]!.GetValue<long>().ShouldBe(2, "it was never stopped");
        await dozing.ReachesAsync("Asleep", TimeSpan.FromSeconds(60));
    }
}
