using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Gateway;

/// <summary>What the proxy asks of the API, on paths that the public door never forwards, with <see cref="GatewayOptions.KeyHeader"/>.</summary>
public static class InternalApi
{
    /// <summary>POST <see cref="AuthenticateRequest"/> → <see cref="SignIn"/>, or 401.</summary>
    public const string Authenticate = "/internal/authenticate";

    /// <summary>POST <see cref="VisitRequest"/> → <see cref="VisitAnswer"/>, or 403 (not yours), 404 (no such engine), 409 (<see cref="TooManyAwakeAnswer"/>), 429 (too often; <c>Retry-After</c>).</summary>
    public const string Visits = "/internal/visits";

    /// <summary>POST <see cref="QueueRequest"/> → 204, or 403 (not yours), 404 (no such engine), 409 (it does not wait, or there is no such pool).</summary>
    public const string Queue = "/internal/queue";

    /// <summary>POST <see cref="RedeemRequest"/> → <see cref="RedeemAnswer"/>, or 400 (stale, used, or another browser's).</summary>
    public const string Redeem = "/internal/codes/redeem";

    /// <summary>POST up to <see cref="Auditing.Denials.LargestBatch"/> <see cref="Auditing.Denial"/>s → 204.</summary>
    public const string Denials = "/internal/denials";

    /// <summary>GET <c>?host=label</c> → <see cref="Tracking.Route"/>, or 404.</summary>
    public const string Routes = "/internal/routes";

    /// <summary>GET → <see cref="SigningKeyAnswer"/>.</summary>
    public const string SigningKey = "/internal/signing-key";
}

/// <param name="Credential">A cookie's value, a personal token or a JWT.</param>
/// <param name="Address">Where it came from, when it came with a request.</param>
public sealed record AuthenticateRequest(string Credential, string? Address = null);

/// <param name="Retry">Whether an engine that failed shall be tried again: somebody asked for it, a page's own polling does not.</param>
/// <param name="Address">Where the visit came from.</param>
public sealed record VisitRequest(EngineId Engine, UserId User, bool Retry, string? Address = null);

/// <summary>What somebody whose engine waits wants of the queue.</summary>
/// <param name="Pool">Where it shall start instead; null: it shall wait no more.</param>
/// <param name="Address">Where the request came from.</param>
public sealed record QueueRequest(EngineId Engine, UserId User, string? Pool, string? Address = null);

public sealed record VisitAnswer(Desired Desired, EngineState State, Reason Reason, long Generation);

/// <param name="Awake">The labels of the engines that the person keeps awake.</param>
/// <param name="Quota">Another quota that is used, in words; null: it is that of the person's engines.</param>
public sealed record TooManyAwakeAnswer(int Limit, IReadOnlyList<string> Awake, LocalizedText? Quota = null);

/// <param name="Host">The label of the engine host that the code arrived at.</param>
/// <param name="Browser">The nonce from the browser's cookie on that host.</param>
public sealed record RedeemRequest(string Code, string Host, string Browser);

/// <param name="Cookie">The credential to leave on the engine's host.</param>
public sealed record RedeemAnswer(string Cookie, DateTimeOffset ExpiresAt);

/// <summary>What the proxy signs with now.</summary>
/// <param name="PrivateKey">PKCS#8 of an elliptic curve key on P-256, Base64.</param>
public sealed record SigningKeyAnswer(string Id, string PrivateKey);
