using Microsoft.AspNetCore.Http.Features;

namespace Aigc.Proxy.Gate;

/// <summary>What somebody may send who may only look: requests that, by HTTP, only read.</summary>
public static class ViewOnly
{
    // Frameworks that listen to these would take a GET for something else.
    private static readonly string[] Overrides = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

    public static bool Allows(HttpContext context)
    {
        var request = context.Request;
        // To some engines "get" is another method than "GET".
        return request.Method is "GET" or "HEAD" or "OPTIONS"
            && !OwnPaths.Contains(request.Path)
            && request.Headers.Upgrade.Count == 0
            && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            && !Array.Exists(Overrides, request.Headers.ContainsKey);
    }
}
