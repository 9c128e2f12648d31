using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Aigc.Api.SigningIn;

/// <summary>The identity provider's discovery document and keys: fetched on first use, kept, and refreshed when its keys change.</summary>
public sealed partial class Provider(IOptions<IdentityOptions> options, IHttpClientFactory clients, ILogger<Provider> logger)
{
    public const string HttpClient = "identity";

    private readonly ConfigurationManager<OpenIdConnectConfiguration> _configuration = new(
        options.Value.Discovery.AbsoluteUri,
        new OpenIdConnectConfigurationRetriever(),
        // Within a cluster the back channel may be plain http; browsers use Authority.
        new HttpDocumentRetriever(clients.CreateClient(HttpClient)) { RequireHttps = false })
    {
        // How soon after a failure, or a token signed with an unknown key, it may be asked again.
        RefreshInterval = TimeSpan.FromSeconds(2),
    };

    /// <exception cref="ProviderAwayException">It does not answer, and never has since this service started.</exception>
    public async Task<OpenIdConnectConfiguration> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _configuration.GetConfigurationAsync(cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Away(logger, options.Value.Discovery, error);
            throw new ProviderAwayException(options.Value.Discovery, error);
        }
    }

    /// <summary>Its keys may have changed: read them again next time.</summary>
    public void Refresh() => _configuration.RequestRefresh();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The identity provider does not answer at {Address}. Check Identity:Authority and Identity:MetadataAddress.")]
        public static partial void Away(ILogger logger, Uri address, Exception error);
    }
}

public sealed class ProviderAwayException(Uri address, Exception inner)
    : Exception($"The identity provider does not answer at {address}.", inner);
