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
        return Reads(request.Method)
            && !OwnPaths.Contains(request.Path)
            && request.Headers.Upgrade.Count == 0
            && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            && !Array.Exists(Overrides, request.Headers.ContainsKey);
    }

    private static bool Reads(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
