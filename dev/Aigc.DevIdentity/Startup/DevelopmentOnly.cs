using System.Net;

namespace Aigc.DevIdentity.Startup;

internal sealed class NotLoopbackException(IPEndPoint endpoint)
    : Exception($"it signs people in without a password and listens only on loopback addresses; {endpoint} is not one");

/// <summary>This provider believes everybody, so it must not be reachable by anybody else.</summary>
internal static class DevelopmentOnly
{
    public static int Refuse(string reason)
    {
        Console.Error.WriteLine($"Aigc.DevIdentity does not start: {reason.TrimEnd('.')}.");
        return 1;
    }

    /// <summary>Checks each endpoint before it is bound, wherever it was configured.</summary>
    public static void AddLoopbackOnly(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (listen.IPEndPoint is { } endpoint && !IPAddress.IsLoopback(endpoint.Address))
                throw new NotLoopbackException(endpoint);
        }));
}
