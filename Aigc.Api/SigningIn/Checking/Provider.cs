using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Aigc.Api.SigningIn.Checking;

/// <summary>The identity provider's discovery document and keys: fetched on first use, kept, and read again when its keys change.</summary>
public sealed partial class Provider(IOptions<IdentityOptions> options, IHttpClientFactory clients, TimeProvider time, ILogger<Provider> logger) : IDisposable
{
    public const string HttpClient = "identity";

    private static readonly TimeSpan Freshness = TimeSpan.FromHours(12);

    /// <summary>How soon it may be asked again, after a failure or for a token signed with an unknown key: anybody can make one of those.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Reading? _last;
    private ProviderAwayException? _failure;
    private long? _askedAt;

    /// <exception cref="ProviderAwayException">It does not answer, and never has since this service started.</exception>
    public Task<OpenIdConnectConfiguration> GetAsync(CancellationToken cancellationToken) =>
        _last is { } last && time.GetElapsedTime(last.At) < Freshness ? Task.FromResult(last.Configuration) : ReadAsync(_last?.Configuration, cancellationToken);

    /// <summary>Its keys may have changed since <paramref name="seen"/>: what it says now, or a moment ago.</summary>
    public Task<OpenIdConnectConfiguration> ReadAgainAsync(OpenIdConnectConfiguration seen, CancellationToken cancellationToken) =>
        ReadAsync(seen, cancellationToken);

    public void Dispose() => _reading.Dispose();

    private async Task<OpenIdConnectConfiguration> ReadAsync(OpenIdConnectConfiguration? seen, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            // Somebody else did, or it is too soon.
            if (_last?.Configuration is { } known && (known != seen || AskedJustNow))
                return known;
            if (_last is null && AskedJustNow && _failure is { } failure)
                throw failure;
            // The first reading that succeeds does not count: keys may be new right after it.
            var again = _last is not null;
            _askedAt = time.GetTimestamp();
            _last = new(await FetchAsync(cancellationToken), time.GetTimestamp());
            _askedAt = again ? _askedAt : null;
            return _last.Configuration;
        }
        catch (Exception error) when (error is not ProviderAwayException && !cancellationToken.IsCancellationRequested)
        {
            Log.Away(logger, options.Value.Discovery, error);
            _failure = new(options.Value.Discovery, error);
            return _last?.Configuration ?? throw _failure;
        }
        finally
        {
            _reading.Release();
        }
    }

    private bool AskedJustNow => _askedAt is { } at && time.GetElapsedTime(at) < Pause;

    private async Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancellationToken)
    {
        // Within a cluster the back channel may be plain http; browsers use Authority.
        using var client = clients.CreateClient(HttpClient);
        var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
            options.Value.Discovery.AbsoluteUri, new HttpDocumentRetriever(client) { RequireHttps = false }, cancellationToken);
        return configuration.Issuer?.TrimEnd('/') == options.Value.Authority!.AbsoluteUri.TrimEnd('/')
            ? configuration
            : throw new InvalidOperationException($"The discovery document is of the issuer {configuration.Issuer}. Identity:Authority must be exactly that, if it is the right one.");
    }

    private sealed record Reading(OpenIdConnectConfiguration Configuration, long At);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The identity provider could not be asked at {Address}. Check Identity:Authority and Identity:MetadataAddress.")]
        public static partial void Away(ILogger logger, Uri address, Exception error);
    }
}

public sealed class ProviderAwayException(Uri address, Exception inner)
    : Exception($"The identity provider does not answer at {address}.", inner);
