using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.Testing.OpenId;

/// <summary>A certified OpenID Connect provider (npm <c>oidc-provider</c>) of one's own, on a free loopback port. It ends with the tests.</summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "aigc";
    public const string ClientSecret = "a secret of the tests, with : and %";

    private static readonly string[] Packages = ["oidc-provider@9.13.3", "jose@6.2.17"];
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-openid-");
    private readonly int _port = FreePort.Next();
    private readonly HttpClient _http;
    private Process? _process;

    private OpenIdProvider() => _http = new() { BaseAddress = Issuer, Timeout = Budget };

    public Uri Issuer => new($"http://127.0.0.1:{_port}");

    /// <summary>By their subject: the claims of each. Read at each start; later changes go through <see cref="ChangeAsync"/>.</summary>
    public Dictionary<string, JsonObject> People { get; } = [];

    /// <summary>Where people come back to, and where the provider tells of the end of a sign-in.</summary>
    public Uri? Gateway { get; set; }

    public Uri? BackChannel { get; set; }

    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(10);

    public bool GivesRefreshTokens { get; set; } = true;

    public string ClientAuthentication { get; set; } = "client_secret_basic";

    /// <summary>An id for the next start's key; another one makes another key.</summary>
    public string KeyId { get; set; } = "first";

    public static async Task<OpenIdProvider> StartAsync(Action<OpenIdProvider> configure)
    {
        var provider = new OpenIdProvider();
        configure(provider);
        try
        {
            await provider.StartAgainAsync();
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, or once more after <see cref="StopAsync"/>: same port and grants, with the settings as they are now.</summary>
    public async Task StartAgainAsync()
    {
        var settings = Path.Combine(_folder.FullName, "settings.json");
        await File.WriteAllTextAsync(settings, (await SettingsAsync()).ToJsonString());
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "OpenId", "provider.mjs"), settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await Eventually.TrueAsync("the provider answers", Budget, async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"oidc-provider ended with {_process.ExitCode}: {await _process.StandardOutput.ReadToEndAsync()}");
            try
            {
                using var answer = await _http.GetAsync(".well-known/openid-configuration");
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    public async Task StopAsync()
    {
        if (_process is not { HasExited: false })
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>From now on the provider says this of somebody; null: it knows them no more.</summary>
    public Task ChangeAsync(string person, JsonObject? claims)
    {
        if (claims is null)
            People.Remove(person);
        else
            People[person] = (JsonObject)claims.DeepClone();
        return ControlAsync(new() { ["people"] = new JsonObject { [person] = claims } });
    }

    /// <summary>What the next answers of the token endpoint suffer: <c>unavailable</c>, or <c>lose-reply</c> after the work is done.</summary>
    public Task FailAsync(string kind, int times) => ControlAsync(new() { ["fault"] = new JsonObject { ["kind"] = kind, ["times"] = times } });

    /// <summary>Takes back all that was granted in somebody's name.</summary>
    public Task EndGrantsOfAsync(string person) => ControlAsync(new() { ["endGrantsOf"] = person });

    /// <summary>Tells the gateway, over the back channel, that somebody's sessions at the provider are over.</summary>
    public Task LogOutAsync(string person) => ControlAsync(new() { ["logOut"] = person });

    /// <summary>How often the token endpoint was asked for a grant type, such as <c>refresh_token</c>, or <c>refresh_token refused</c>.</summary>
    public async Task<int> CountAsync(string grantType) => (int?)(await ControlAsync([]))[grantType] ?? 0;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<JsonObject> ControlAsync(JsonObject asked)
    {
        using var answer = await _http.PostAsJsonAsync("control", asked);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private async Task<JsonObject> SettingsAsync() => new()
    {
        ["packages"] = await NodePackages.InstallAsync(Packages),
        ["state"] = Path.Combine(_folder.FullName, "grants.json"),
        ["issuer"] = Issuer.AbsoluteUri.TrimEnd('/'),
        ["port"] = _port,
        ["people"] = JsonSerializer.SerializeToNode(People),
        ["claims"] = JsonSerializer.SerializeToNode(People.Values.SelectMany(claims => claims.Select(claim => claim.Key)).Distinct()),
        ["scopes"] = new JsonArray("profile", "email", "groups", "roles"),
        ["refresh"] = GivesRefreshTokens,
        ["accessSeconds"] = (int)AccessLifetime.TotalSeconds,
        ["keys"] = new JsonArray(await KeyAsync()),
        ["client"] = new JsonObject
        {
            ["client_id"] = ClientId,
            ["client_secret"] = ClientSecret,
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["redirect_uris"] = new JsonArray($"{Gateway}signin-oidc"),
            ["post_logout_redirect_uris"] = new JsonArray($"{Gateway}"),
            ["backchannel_logout_uri"] = $"{BackChannel ?? Gateway}signout-backchannel",
            ["backchannel_logout_session_required"] = true,
            ["token_endpoint_auth_method"] = ClientAuthentication,
        },
    };

    private async Task<JsonObject> KeyAsync()
    {
        var file = Path.Combine(_folder.FullName, $"key-{KeyId}.pem");
        using var rsa = RSA.Create(2048);
        if (File.Exists(file))
            rsa.ImportFromPem(await File.ReadAllTextAsync(file));
        else
            await File.WriteAllTextAsync(file, rsa.ExportRSAPrivateKeyPem());
        var key = rsa.ExportParameters(includePrivateParameters: true);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = KeyId,
            ["n"] = Base64Url.EncodeToString(key.Modulus),
            ["e"] = Base64Url.EncodeToString(key.Exponent),
            ["d"] = Base64Url.EncodeToString(key.D),
            ["p"] = Base64Url.EncodeToString(key.P),
            ["q"] = Base64Url.EncodeToString(key.Q),
            ["dp"] = Base64Url.EncodeToString(key.DP),
            ["dq"] = Base64Url.EncodeToString(key.DQ),
            ["qi"] = Base64Url.EncodeToString(key.InverseQ),
        };
    }
}
