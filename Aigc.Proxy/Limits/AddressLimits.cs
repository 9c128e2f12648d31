using Aigc.ServiceDefaults.Limits;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Limits;

/// <summary>
/// What one address may ask of this proxy in a minute. Each answers null to go on, else how long to wait. A signed-in
/// person at a ready engine is never asked about here.
/// </summary>
public sealed class AddressLimits(IOptions<LimitsOptions> options) : IDisposable
{
    private static readonly PathString[] SignInPaths = ["/login", "/signin-oidc", "/enter"];

    private readonly RateLimit _signIns = new(options.Value.SignInsPerAddress);
    private readonly RateLimit _failures = new(options.Value.FailuresPerAddress);
    private readonly RateLimit _calls = new(options.Value.CallsPerAddress);
    private readonly RateLimit _wakes = new(options.Value.WakesPerAddress);

    public TimeSpan? SignIn(HttpContext context) => _signIns.Take(context.Connection.RemoteIpAddress);

    public TimeSpan? Wake(HttpContext context) => _wakes.Take(context.Connection.RemoteIpAddress);

    /// <summary>Whether the address has presented so many credentials that were nobody's that another is not looked at.</summary>
    public TimeSpan? Guess(HttpContext context) => _failures.Look(context.Connection.RemoteIpAddress);

    public void Failed(HttpContext context) => _failures.Take(context.Connection.RemoteIpAddress);

    /// <summary>On the dashboard's host.</summary>
    public TimeSpan? Dashboard(HttpContext context)
    {
        var path = context.Request.Path;
        foreach (var signIn in SignInPaths)
            if (path.StartsWithSegments(signIn, StringComparison.OrdinalIgnoreCase))
                return SignIn(context);
        if (!path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            return null;
        return _calls.Take(context.Connection.RemoteIpAddress)
            ?? (context.Request.Headers.Authorization.Count > 0 ? Guess(context) : null);
    }

    /// <summary>Notes what came of it there.</summary>
    public void Answered(HttpContext context)
    {
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized && context.Request.Headers.Authorization.Count > 0)
            Failed(context);
    }

    public void Dispose()
    {
        _signIns.Dispose();
        _failures.Dispose();
        _calls.Dispose();
        _wakes.Dispose();
    }
}
