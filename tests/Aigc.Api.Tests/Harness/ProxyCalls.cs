using System.Net.Http.Json;
using Aigc.Engines.Gateway;

namespace Aigc.Api.Tests.Harness;

public static class ProxyCalls
{
    public static Task<HttpResponseMessage> AuthenticateAsync(this HttpClient proxy, string credential) =>
        proxy.PostAsJsonAsync(InternalApi.Authenticate, new AuthenticateRequest(credential));

    public static Task<HttpResponseMessage> RedeemAsync(this HttpClient proxy, string code, string host, string browser) =>
        proxy.PostAsJsonAsync(InternalApi.Redeem, new RedeemRequest(code, host, browser));
}
