using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aigc.Api.SigningIn.Checking;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>How this gateway shows the token endpoint who it is.</summary>
public enum ClientAuthentication
{
    /// <summary>As the discovery document has it: <see cref="Basic"/> where the provider knows both.</summary>
    Discovered,
    Basic,
    Post,
}

/// <summary>The provider's token endpoint: tokens for a code, or new ones for a refresh token.</summary>
public sealed class TokenEndpoint(Provider provider, IHttpClientFactory clients, IOptions<IdentityOptions> options)
{
    private static readonly HttpRequestError[] NeverSent =
        [HttpRequestError.ConnectionError, HttpRequestError.NameResolutionError, HttpRequestError.SecureConnectionError, HttpRequestError.ProxyTunnelError];

    public async Task<TokenAnswer> AskAsync(Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        var configuration = await provider.GetAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, configuration.TokenEndpoint);
        request.Headers.Accept.Add(new("application/json"));
        if (UsesBasic(configuration.TokenEndpointAuthMethodsSupported))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(
                $"{FormEncoded(options.Value.ClientId)}:{FormEncoded(options.Value.ClientSecret)}")));
        }
        else
        {
            form = new(form) { ["client_id"] = options.Value.ClientId, ["client_secret"] = options.Value.ClientSecret };
        }

        request.Content = new FormUrlEncodedContent(form);
        using var client = clients.CreateClient(Provider.HttpClient);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return Read((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException error)
        {
            return NeverSent.Contains(error.HttpRequestError) ? new TokenAnswer.Away(error.Message) : new TokenAnswer.Unclear(error.Message);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            return new TokenAnswer.Unclear(error.Message);
        }
    }

    private static TokenAnswer Read(int status, string body)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            // A page of something in between: the status decides.
        }

        return (status, document) switch
        {
            (200, { RootElement.ValueKind: JsonValueKind.Object }) => new TokenAnswer.Granted(document),
            ( >= 400 and < 500, { RootElement.ValueKind: JsonValueKind.Object } refusal) when refusal.RootElement.TryGetProperty("error", out var error) =>
                new TokenAnswer.Refused(error.ToString()),
            ( >= 400 and < 500, _) => new TokenAnswer.Away($"It answered {status}."),
            // Whatever stands before it may have lost its answer.
            _ => new TokenAnswer.Unclear($"It answered {status}."),
        };
    }

    private bool UsesBasic(ICollection<string> supported) => options.Value.ClientAuthentication switch
    {
        ClientAuthentication.Basic => true,
        ClientAuthentication.Post => false,
        _ => supported.Count == 0 || supported.Contains("client_secret_basic"),
    };

    // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
    private static string FormEncoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}

public abstract record TokenAnswer
{
    public sealed record Granted(JsonDocument Tokens) : TokenAnswer
    {
        public string? IdToken => Text("id_token");

        public string? AccessToken => Text("access_token");

        public string? RefreshToken => Text("refresh_token");

        /// <summary>How long the access lasts, when it says so.</summary>
        public TimeSpan? Lifetime => Tokens.RootElement.TryGetProperty("expires_in", out var value)
            && long.TryParse(value.ToString(), out var seconds) && seconds is > 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;

        private string? Text(string name) =>
            Tokens.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <param name="Error">RFC 6749's name, such as <c>invalid_grant</c>.</param>
    public sealed record Refused(string Error) : TokenAnswer;

    /// <summary>It has not done anything.</summary>
    public sealed record Away(string Reason) : TokenAnswer;

    /// <summary>It may have done what was asked, and its answer is lost.</summary>
    public sealed record Unclear(string Reason) : TokenAnswer;
}
