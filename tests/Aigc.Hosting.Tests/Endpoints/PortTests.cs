using System.Net;
using System.Net.Sockets;

namespace Aigc.Hosting.Tests.Endpoints;

public sealed class PortTests
{
    [Fact]
    public async Task A_taken_port_is_named_with_its_owner_and_the_remedy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var builder = Run.Builder("--Hosting:PortHint=set MY_PORT");
        builder.AddExecutable("shop", "sleep", ".", "1000").WithHttpEndpoint(port);

        var app = builder.Build();
        var message = (await Should.ThrowAsync<DistributedApplicationException>(() => app.StartAsync())).Message;
        message.ShouldContain($"{port}");
        message.ShouldContain("'shop'");
        message.ShouldContain("set MY_PORT");
    }

    [Fact]
    public async Task Two_resources_cannot_have_one_port()
    {
        var builder = Run.Builder();
        builder.AddExecutable("one", "sleep", ".", "1000").WithHttpEndpoint(19_873);
        builder.AddExecutable("two", "sleep", ".", "1000").WithHttpEndpoint(19_873);
        var app = builder.Build();
        (await Should.ThrowAsync<DistributedApplicationException>(() => app.StartAsync())).Message.ShouldContain("'two'");
    }
}
