namespace Aigc.DevIdentity.SigningIn;

/// <summary>The parameters of one sign-in, as they came.</summary>
internal sealed record AuthorizeRequest(IQueryCollection Query)
{
    public string? ClientId => Query["client_id"];
    public string? RedirectUri => Query["redirect_uri"];
    public string? State => Query["state"];
    public string? Nonce => Query["nonce"];
    public string? Prompt => Query["prompt"];
    public string? LoginHint => Query["login_hint"];
    public string? Challenge => Query["code_challenge"];
    public string Scope => Query["scope"].ToString();

    /// <summary>Why nobody may be sent to the redirect URI, not even with an error; null if they may.</summary>
    public string? RefusalToRedirect(string clientId) =>
        ClientId != clientId ? $"The client_id is not \"{clientId}\"."
        : !Loopback.Allows(RedirectUri) ? "The redirect_uri must be an http or https URL on this machine: localhost, *.localhost, 127.0.0.1 or [::1]."
        : null;

    /// <summary>What is wrong with the rest, as an RFC 6749 error; null if nothing is.</summary>
    public (string Error, string Description)? Problem() =>
        Query["response_type"] != "code" ? ("unsupported_response_type", "response_type must be code.")
        : Query["response_mode"] is { Count: > 0 } mode && mode != "query" ? ("invalid_request", "response_mode must be query.")
        : !Scope.Split(' ').Contains("openid") ? ("invalid_scope", "scope must contain openid.")
        : Challenge is not { Length: 43 } ? ("invalid_request", "code_challenge is required: PKCE with S256, 43 characters.")
        : Query["code_challenge_method"] != "S256" ? ("invalid_request", "code_challenge_method must be S256.")
        : Prompt is not (null or "" or "none" or "login" or "select_account" or "consent") ? ("invalid_request", "prompt must be none, login or select_account.")
        : null;
}
