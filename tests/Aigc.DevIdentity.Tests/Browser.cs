using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Aigc.DevIdentity.Tests;

/// <summary>One person's browser, with cookies, and the client application that they sign in to.</summary>
internal sealed partial class Browser : IDisposable
{
    public const string RedirectUri = "http://app.localhost:5000/signin-oidc";
    private readonly HttpClient _http;

    public Browser(Provider provider) => _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true })
    {
        BaseAddress = provider.Address,
    };

    public HttpClient Http => _http;
    public string Verifier { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
    public string Nonce { get; } = new OpenIdConnectProtocolValidator().GenerateNonce();
    public string State { get; } = "where was I? & what + why";

    /// <summary>Asks to sign in. A change replaces a parameter, and with null removes it.</summary>
    public Task<HttpResponseMessage> AuthorizeAsync(params IEnumerable<(string Key, string? Value)> changes)
    {
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = "aigc",
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["scope"] = "openid profile email",
            ["state"] = State,
            ["nonce"] = Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        return _http.GetAsync(QueryHelpers.AddQueryString("authorize", With(query, changes)));
    }

    /// <summary>Submits the form of the sign-in page with the button of that name.</summary>
    public async Task<HttpResponseMessage> ChooseAsync(HttpResponseMessage page, string name)
    {
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await page.Content.ReadAsStringAsync();
        Buttons(html).ShouldContain(name);
        var query = Hidden().Matches(html).ToDictionary(m => WebUtility.HtmlDecode(m.Groups[1].Value), string? (m) => WebUtility.HtmlDecode(m.Groups[2].Value));
        query["login_hint"] = name;
        return await _http.GetAsync(QueryHelpers.AddQueryString(Action().Match(html).Groups[1].Value, query));
    }

    public static IEnumerable<string> Buttons(string html) => Button().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value));

    public Task<HttpResponseMessage> RedeemAsync(string code, params IEnumerable<(string Key, string? Value)> changes) => PostAsync(
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", Verifier), .. changes]);

    public Task<HttpResponseMessage> RefreshAsync(JsonObject tokens) =>
        PostAsync([("grant_type", "refresh_token"), ("refresh_token", (string?)tokens["refresh_token"])]);

    /// <summary>Posts to the token endpoint as the client; a later pair replaces an earlier one.</summary>
    public Task<HttpResponseMessage> PostAsync(params IEnumerable<(string Key, string? Value)> fields) => _http.PostAsync("token",
        new FormUrlEncodedContent(With(new() { ["client_id"] = "aigc", ["client_secret"] = Provider.ClientSecret }, fields)));

    public async Task<string> CodeAsync(string name) => CodeIn(await AuthorizeAsync(("login_hint", name)));

    public async Task<JsonObject> SignInAsync(string name) => await JsonAsync(await RedeemAsync(await CodeAsync(name)));

    public async Task<HttpResponseMessage> UserInfoAsync(JsonObject tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "userinfo");
        request.Headers.Authorization = new("Bearer", (string?)tokens["access_token"]);
        return await _http.SendAsync(request);
    }

    public static string CodeIn(HttpResponseMessage answer) => Returned(answer)["code"];

    /// <summary>What the provider hands to the client with a redirect.</summary>
    public static Dictionary<string, string> Returned(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var target = answer.Headers.Location.ShouldNotBeNull();
        target.GetLeftPart(UriPartial.Path).ShouldBe(RedirectUri);
        return QueryHelpers.ParseQuery(target.Query).ToDictionary(p => p.Key, p => p.Value.ToString());
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        answer.StatusCode.ShouldBe(status);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>()).ShouldNotBeNull();
    }

    public static async Task ShouldRefuseAsync(HttpResponseMessage answer, string error, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        var json = await JsonAsync(answer, status);
        ((string?)json["error"]).ShouldBe(error);
        ((string?)json["error_description"]).ShouldNotBeNullOrEmpty();
        json.ContainsKey("access_token").ShouldBeFalse();
    }

    public void Dispose() => _http.Dispose();

    private static Dictionary<string, string?> With(Dictionary<string, string?> parameters, IEnumerable<(string Key, string? Value)> changes)
    {
        foreach (var (key, value) in changes)
        {
            if (value is null)
                parameters.Remove(key);
            else
                parameters[key] = value;
        }
        return parameters;
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]*)" value="([^"]*)">""")]
    private static partial Regex Hidden();

    [GeneratedRegex("""<button name="login_hint" value="([^"]*)">""")]
    private static partial Regex Button();

    [GeneratedRegex("""<form method="get" action="([^"]*)">""")]
    private static partial Regex Action();
}
