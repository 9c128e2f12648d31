using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;

namespace Aigc.Identity.Tests.Harness;

public static class Visits
{
    private static readonly JsonSerializerOptions AsTheServices = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static async Task<JsonObject> ReadAsync(this Visitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public static Task<JsonObject> MeAsync(this Visitor visitor) => visitor.ReadAsync("/api/v1/me");

    public static async Task<HttpStatusCode> StatusAsync(this Visitor visitor, string path = "/api/v1/me")
    {
        using var answer = await visitor.GetAsync(path);
        return answer.StatusCode;
    }

    public static string SignInCookie(this Visitor visitor) => visitor.Cookie("aigc-sign-in").ShouldNotBeNull("the browser is signed in");

    /// <summary>What a proxy is told of a cookie; null: nothing.</summary>
    public static async Task<SignIn?> AskAsync(this HttpClient proxy, string credential)
    {
        using var answer = await proxy.PostAsJsonAsync(InternalApi.Authenticate, new AuthenticateRequest(credential));
        return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadFromJsonAsync<SignIn>(AsTheServices) : null;
    }
}
