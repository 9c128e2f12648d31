using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>The API server's answer was no. The message is its own, with the request it is about.</summary>
public sealed class KubernetesException(HttpStatusCode status, string reason, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public HttpStatusCode Status => status;

    /// <summary>The server's own word, such as <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Forbidden</c>, <c>Expired</c>.</summary>
    public string Reason => reason;

    /// <summary>When the server asked to be left alone.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    public bool IsNotFound => status == HttpStatusCode.NotFound;

    /// <summary>Somebody else changed it meanwhile, or a field belongs to another manager.</summary>
    public bool IsConflict => status == HttpStatusCode.Conflict;

    /// <summary>The resource version is older than what the server remembers: list anew.</summary>
    public bool IsExpired => status == HttpStatusCode.Gone || reason is "Expired" or "Gone";

    /// <summary>The same request may succeed later without anybody doing anything.</summary>
    public bool IsTransient => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    /// <param name="request">What was asked, such as <c>GET api/v1/…/pods</c>.</param>
    internal static async Task<KubernetesException> FromAsync(string request, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var (status, body) = (answer.StatusCode, StatusIn(text));
        var reason = (string?)body?["reason"] ?? "";
        var message = (string?)body?["message"] ?? (text.Length is > 0 and < 500 ? text.Trim() : $"HTTP {(int)status}");
        return new(
            status, reason, $"{message} ({request}: {(int)status}{(reason.Length > 0 ? " " + reason : "")})", answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>The server's <c>Status</c> object; null when something before the API server answered in its own words.</summary>
    private static JsonObject? StatusIn(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject body && (string?)body["kind"] == "Status" ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
