using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aigc.Engines.Gateway;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Routes;
using Aigc.Proxy.SignIns;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Signing;

/// <summary>
/// Tells an engine who visits it, as a JWT that the engine can check. Signed once for a sign-in and an engine, and kept
/// with the sign-in until half of its life is over: the warm path signs nothing.
/// </summary>
public sealed class IdentityTokens(SigningKeyRing keys, IOptions<GatewayOptions> options, TimeProvider time)
{
    public const string Header = "X-Aigc-Identity";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly string _issuer = Origin(options.Value.PublicUrl);

    /// <summary>Null while there is no key to sign with.</summary>
    public string? For(in Admission admission)
    {
        var (known, engine, role) = (admission.SignIn, admission.Engine, RoleOf(admission));
        return known.Identities.TryGetValue(engine.Id, out var kept) && kept.RenewAt > time.GetTimestamp() && kept.Role == role
            ? kept.Value
            : Sign(known, engine, role);
    }

    /// <summary>What the visitor is to the engine.</summary>
    private static string RoleOf(in Admission admission) => admission switch
    {
        { IsOwner: true } => "owner",
        { MayUse: true } => "administrator",
        _ => "viewer",
    };

    private string? Sign(KnownSignIn known, LiveEngine engine, string role)
    {
        var now = time.GetUtcNow();
        var ends = now + Lifetime < known.SignIn.ExpiresAt ? now + Lifetime : known.SignIn.ExpiresAt;
        if (keys.Sign(key => Write(key, known, engine, role, now, ends)) is not var (signed, signature))
            return null;
        var token = $"{Encoding.ASCII.GetString(signed)}.{Base64Url.EncodeToString(signature)}";
        var half = (long)((ends - now).TotalSeconds / 2 * time.TimestampFrequency);
        known.Identities[engine.Id] = new(token, role, time.GetTimestamp() + half);
        return token;
    }

    private byte[] Write(string key, KnownSignIn known, LiveEngine engine, string role, DateTimeOffset now, DateTimeOffset ends)
    {
        var head = Json(json =>
        {
            json.WriteString("alg", "ES256");
            json.WriteString("kid", key);
            json.WriteString("typ", "JWT");
        });
        var (signIn, route) = (known.SignIn, engine.Route);
        var body = Json(json =>
        {
            json.WriteString("iss", _issuer);
            json.WriteString("aud", Origin(options.Value.EngineUrl(route.Host)));
            json.WriteString("sub", signIn.User.Value);
            json.WriteString("preferred_username", signIn.UserName);
            json.WriteString("name", signIn.Name);
            json.WriteString("group", signIn.Group.Value);
            json.WriteString("role", role);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", ends.ToUnixTimeSeconds());
            json.WriteString("jti", RandomNumberGenerator.GetHexString(32, lowercase: true));
        });
        return Encoding.ASCII.GetBytes($"{head}.{body}");
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    /// <summary>An address as browsers write origins: without a slash at its end.</summary>
    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
