using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Aigc.DevIdentity.Tests;

/// <summary>The provider on real Kestrel, at a port of its own.</summary>
public sealed class Provider : IDisposable
{
    // Signs like : and + show whether the Basic header is decoded as the standard asks.
    public const string ClientSecret = "not+very:secret %";
    private readonly WebApplicationFactory<Program> _host;

    public Provider()
        : this(dataFolder: null)
    {
    }

    internal Provider(string? dataFolder = null, TimeProvider? clock = null, int port = 0)
    {
        _host = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("urls", $"http://127.0.0.1:{port}");
            host.UseSetting("DevIdentity:ClientSecret", ClientSecret);
            host.UseSetting("AIGC_DATA_DIR", dataFolder ?? "");
            if (clock is not null)
                host.ConfigureTestServices(services => services.AddSingleton(clock));
        });
        _host.UseKestrel();
        _host.StartServer();
        Address = new($"http://127.0.0.1:{_host.ClientOptions.BaseAddress.Port}/identity/");
    }

    /// <summary>Ends with a slash; the issuer is the same without it.</summary>
    public Uri Address { get; }

    public string Issuer => Address.AbsoluteUri.TrimEnd('/');

    /// <summary>What a client learns from discovery, keys included.</summary>
    public Task<OpenIdConnectConfiguration> DiscoverAsync() => OpenIdConnectConfigurationRetriever.GetAsync(
        $"{Issuer}/.well-known/openid-configuration", new HttpDocumentRetriever { RequireHttps = false }, CancellationToken.None);

    public void Dispose() => _host.Dispose();
}
