namespace Aigc.Api.Logto;

/// <summary>Who this gateway is to Logto.</summary>
/// <param name="PublicUrl">The dashboard's address, ending in a slash.</param>
/// <param name="Audience">An absolute address: Logto gives access tokens for no other name.</param>
public sealed record LogtoClient(string Name, Uri PublicUrl, string Audience)
{
    public const string Traditional = "Traditional";

    public OidcClientMetadata Metadata =>
        new([Address("signin-oidc")], [PublicUrl.AbsoluteUri], Address("signout-backchannel"), BackchannelLogoutSessionRequired: true);

    private string Address(string path) => new Uri(PublicUrl, path).AbsoluteUri;
}

/// <summary>What the gateway is told afterwards. A dry run of what is not there yet knows neither.</summary>
public sealed record LogtoResult(string? ClientId, string? ClientSecret);

/// <summary>
/// Makes in Logto what is missing, and corrects what differs; a second time there is nothing to do.
/// What else there is in Logto stays as it is.
/// </summary>
/// <param name="dryRun">Only says what would be done.</param>
/// <param name="say">Told each step.</param>
public sealed class LogtoSetup(LogtoApi logto, TimeProvider time, bool dryRun, Action<string> say)
{
    private const string Applications = "api/applications";
    private const string Resources = "api/resources";
    private const string Roles = "api/roles";
    private const string IdToken = "api/configs/id-token";
    private const string User = "User";

    private static readonly (string Name, string Description)[] WantedRoles =
    [
        ("admin", "Manages all engines and templates of the AIGC gateway."),
        ("group-manager", "Manages the engines and costs of the own group on the AIGC gateway."),
    ];

    private static readonly string[] WantedClaims = ["roles", "organizations", "custom_data"];

    public async Task<LogtoResult> RunAsync(LogtoClient client, CancellationToken cancellationToken)
    {
        var application = await ApplicationAsync(client, cancellationToken);
        var secret = application is null ? null : await SecretAsync(application, cancellationToken);
        await EnsureAsync<LogtoResource>(
            $"API resource {client.Audience}", Resources, resource => resource.Indicator == client.Audience,
            new { name = $"{client.Name} API", indicator = client.Audience }, cancellationToken);
        foreach (var (name, description) in WantedRoles)
            await EnsureAsync<LogtoRole>($"role {name}", $"{Roles}?type={User}", role => role.Name == name, new { name, description, type = User }, cancellationToken);
        await ClaimsAsync(cancellationToken);
        return new(application?.Id, secret);
    }

    private async Task<LogtoApplication?> ApplicationAsync(LogtoClient client, CancellationToken cancellationToken)
    {
        var what = $"application {client.Name}";
        var named = (await logto.ListAsync<LogtoApplication>($"{Applications}?types={LogtoClient.Traditional}", cancellationToken)).Where(one => one.Name == client.Name).ToList();
        if (named.Count > 1)
            throw new LogtoException($"Logto has {named.Count} traditional web applications named '{client.Name}'. Rename or delete all but one, or choose another --name.");
        if (named is [])
        {
            say(Done("created", what));
            return dryRun ? null : await logto.CreateAsync<LogtoApplication>(
                Applications, new { client.Name, type = LogtoClient.Traditional, oidcClientMetadata = client.Metadata }, cancellationToken);
        }

        if (named[0].OidcClientMetadata.IsSame(client.Metadata))
        {
            say($"kept: {what}");
            return named[0];
        }

        say(Done("changed", $"{what}, to sign in and out at {client.PublicUrl} alone"));
        return dryRun ? named[0] : await logto.ChangeAsync<LogtoApplication>($"{Applications}/{named[0].Id}", new { oidcClientMetadata = client.Metadata }, cancellationToken);
    }

    private async Task<string?> SecretAsync(LogtoApplication application, CancellationToken cancellationToken)
    {
        var secrets = await logto.GetAsync<List<LogtoSecret>>($"{Applications}/{application.Id}/secrets", cancellationToken) ?? [];
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (secrets.FirstOrDefault(secret => secret.ExpiresAt is null || secret.ExpiresAt > now)?.Value is { } valid)
            return valid;
        if (application.Secret is { Length: > 0 } legacy)
            return legacy;
        say(Done("created", "secret of the application"));
        return dryRun ? null : (await logto.CreateAsync<LogtoSecret>($"{Applications}/{application.Id}/secrets", new { name = $"gateway-{now}" }, cancellationToken))!.Value;
    }

    private async Task EnsureAsync<T>(string what, string path, Func<T, bool> isIt, object body, CancellationToken cancellationToken)
        where T : class
    {
        if ((await logto.ListAsync<T>(path, cancellationToken)).Any(isIt))
        {
            say($"kept: {what}");
            return;
        }

        if (!dryRun && await logto.CreateAsync<T>(path.Split('?')[0], body, cancellationToken) is null && !(await logto.ListAsync<T>(path, cancellationToken)).Any(isIt))
            throw new LogtoException($"Logto has something else under the name of the {what}: rename or delete it in its console, then run this again.");
        say(Done("created", what));
    }

    /// <summary>Spares a question at each sign-in; where it cannot be had, the gateway asks Logto's userinfo endpoint.</summary>
    private async Task ClaimsAsync(CancellationToken cancellationToken)
    {
        var enabled = (await logto.GetAsync<IdTokenClaims>(IdToken, cancellationToken))?.EnabledExtendedClaims ?? [];
        if (WantedClaims.Except(enabled).ToList() is not { Count: > 0 } missing)
            say("kept: claims of id tokens");
        else if (dryRun || await logto.TryPutAsync(IdToken, new IdTokenClaims([.. enabled.Union(WantedClaims)]), cancellationToken))
            say(Done("added", $"to id tokens: {string.Join(", ", missing)}"));
        else
            say("left: claims of id tokens. This Logto, or its plan, does not change them; the gateway asks for them at each sign-in instead.");
    }

    private string Done(string did, string what) => dryRun ? $"would be {did}: {what}" : $"{did}: {what}";
}
