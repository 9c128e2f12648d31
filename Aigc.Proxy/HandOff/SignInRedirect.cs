using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Aigc.Engines.Gateway;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Routes;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.HandOff;

/// <summary>Sends a browser that is not signed in to the dashboard, with a nonce that binds the way back to this browser.</summary>
public sealed class SignInRedirect(GatewayCookies cookies, IOptions<GatewayOptions> options, TimeProvider time)
{
    private static readonly TimeSpan NonceLifetime = TimeSpan.FromMinutes(10);
    private const int NonceLength = 64;
    private static readonly SearchValues<char> NonceCharacters = SearchValues.Create("0123456789abcdef");

    private readonly string _enter = options.Value.PublicUrl.GetLeftPart(UriPartial.Authority) + "/enter";

    public Task AnswerAsync(HttpContext context, LiveEngine engine)
    {
        if (!Caller.Of(context.Request).IsNavigation)
            return Problems.Answer(context, Problems.NotSignedIn);
        // Tabs that sign in side by side share the nonce, so none spoils another's way back.
        var nonce = Nonce(context.Request) ?? RandomNumberGenerator.GetHexString(NonceLength, lowercase: true);
        context.Response.Cookies.Append(cookies.Enter, nonce, cookies.Options(time.GetUtcNow() + NonceLifetime));
        OwnHeaders.Set(context);
        var browser = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(nonce)));
        context.Response.Redirect($"{_enter}?host={engine.Route.Host}&browser={browser}&returnUrl={Uri.EscapeDataString(ReturnUrl.Of(context.Request))}");
        return Task.CompletedTask;
    }

    /// <summary>The nonce that this browser carries; null: none, or none of ours.</summary>
    public string? Nonce(HttpRequest request)
    {
        var nonce = GatewayCookies.Find(request.Headers.Cookie, cookies.Enter);
        return nonce.Length == NonceLength && !nonce.ContainsAnyExcept(NonceCharacters) ? nonce.ToString() : null;
    }
}
