using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Access;

/// <summary>Tokens of service accounts: asked for, good for a while, and no longer than the account is there.</summary>
internal sealed class AccountTokens(ObjectStore store, TimeProvider time)
{
    private const int UsualSeconds = 3600;
    private const int FewestSeconds = 600;

    private readonly ConcurrentDictionary<string, (ObjectKey Account, string Uid, DateTimeOffset Until)> _tokens = new();

    /// <returns>The request, with the token as its status.</returns>
    public JsonObject Issue(ObjectKey account, JsonObject request, string manager)
    {
        var there = store.Find(account) ?? throw ApiException.NotFound(account);
        var seconds = request.Number("spec", "expirationSeconds") ?? UsualSeconds;
        if (seconds < FewestSeconds)
        {
            throw ApiException.Invalid(new("authentication.k8s.io", "v1", "TokenRequest", "tokenrequests"), "",
                [FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")]);
        }

        var (token, until) = ($"{Guid.NewGuid():N}{Guid.NewGuid():N}", time.GetUtcNow().AddSeconds(seconds));
        _tokens[token] = (account, there.Uid, until);
        return new()
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["creationTimestamp"] = null,
                ["managedFields"] = new JsonArray(new JsonObject
                {
                    ["manager"] = manager,
                    ["operation"] = "Update",
                    ["apiVersion"] = "authentication.k8s.io/v1",
                    ["time"] = Json.Time(time.GetUtcNow()),
                    ["fieldsType"] = "FieldsV1",
                    ["fieldsV1"] = new JsonObject { ["f:spec"] = new JsonObject { ["f:expirationSeconds"] = new JsonObject() } },
                }),
            },
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray("https://kubernetes.default.svc"), ["expirationSeconds"] = seconds, ["boundObjectRef"] = null },
            ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = Json.Time(until) },
        };
    }

    public void Forget(string token) => _tokens.TryRemove(token, out _);

    /// <summary>Null for a token that is not one of these, or not any more.</summary>
    public User? Find(string token)
    {
        if (!_tokens.TryGetValue(token, out var issued) || time.GetUtcNow() >= issued.Until || store.Find(issued.Account)?.Uid != issued.Uid)
            return null;
        var (space, name) = (issued.Account.Namespace, issued.Account.Name);
        return new($"system:serviceaccount:{space}:{name}", ["system:serviceaccounts", $"system:serviceaccounts:{space}", "system:authenticated"], []);
    }
}
