using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Aigc.Api.Logto;

/// <summary>Logto's Management API, as far as the set-up needs it.</summary>
public sealed class LogtoApi(HttpClient http, Uri endpoint)
{
    private const int PageSize = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Signs in as a machine-to-machine application.</summary>
    /// <param name="resource">The Management API's own indicator, such as <c>https://default.logto.app/api</c>.</param>
    /// <exception cref="LogtoException">Logto does not know the application, or it cannot be reached.</exception>
    public async Task SignInAsync(string clientId, string clientSecret, string resource, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "oidc/token"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["resource"] = resource, ["scope"] = "all" }),
        };
        var credentials = $"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(clientSecret)}";
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        using var answer = await SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new LogtoException(
                $"{endpoint} gives no access: {await SaysAsync(answer, cancellationToken)} "
                + $"--client-id and --client-secret must be of a machine-to-machine application with the role 'Logto Management API access', and --resource ({resource}) the Management API's identifier.");
        }

        var token = await ReadAsync<LogtoToken>(answer, cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
    }

    /// <summary>All pages, one after the other.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        var mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var page = 1; ; page++)
        {
            var some = await GetAsync<List<T>>($"{path}{mark}page={page}&page_size={PageSize}", cancellationToken);
            all.AddRange(some!);
            if (some!.Count < PageSize)
                return all;
        }
    }

    /// <returns>Null: there is no such thing.</returns>
    public async Task<T?> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, path));
        using var answer = await SendAsync(request, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await AcceptedAsync<T>(answer, request, cancellationToken);
    }

    /// <returns>Null: somebody else was faster, and it is there already.</returns>
    public async Task<T?> CreateAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : class
    {
        using var request = Writing(HttpMethod.Post, path, body);
        using var answer = await SendAsync(request, cancellationToken);
        return answer.StatusCode == HttpStatusCode.UnprocessableEntity && await IsInUseAsync(answer, cancellationToken)
            ? null
            : await AcceptedAsync<T>(answer, request, cancellationToken);
    }

    public async Task<T> ChangeAsync<T>(string path, object body, CancellationToken cancellationToken)
    {
        using var request = Writing(HttpMethod.Patch, path, body);
        using var answer = await SendAsync(request, cancellationToken);
        return await AcceptedAsync<T>(answer, request, cancellationToken);
    }

    /// <returns>False: this Logto, or its plan, does not let us.</returns>
    public async Task<bool> TryPutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var request = Writing(HttpMethod.Put, path, body);
        using var answer = await SendAsync(request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
            return false;
        await AcceptedAsync<JsonElement>(answer, request, cancellationToken);
        return true;
    }

    private HttpRequestMessage Writing(HttpMethod method, string path, object body) =>
        new(method, new Uri(endpoint, path)) { Content = JsonContent.Create(body, options: Json) };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new LogtoException($"{request.RequestUri} does not answer: {error.Message} Correct --endpoint, or start Logto.", error);
        }
    }

    private static async Task<T> AcceptedAsync<T>(HttpResponseMessage answer, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return await ReadAsync<T>(answer, cancellationToken);
        var remedy = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? " Give the machine-to-machine application the role 'Logto Management API access'." : "";
        throw new LogtoException($"{request.Method} {request.RequestUri}: {await SaysAsync(answer, cancellationToken)}{remedy}");
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return (await answer.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!;
        }
        catch (JsonException error)
        {
            throw new LogtoException($"{answer.RequestMessage!.RequestUri} does not answer as Logto does. Correct --endpoint: it is the address of Logto itself, without /oidc.", error);
        }
    }

    private static async Task<bool> IsInUseAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        (await ProblemAsync(answer, cancellationToken))?.Code?.EndsWith("in_use", StringComparison.Ordinal) == true;

    private static async Task<string> SaysAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var problem = await ProblemAsync(answer, cancellationToken);
        return $"{(int)answer.StatusCode} {problem?.ErrorDescription ?? problem?.Message ?? answer.ReasonPhrase}.";
    }

    private static async Task<LogtoProblem?> ProblemAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<LogtoProblem>(await answer.Content.ReadAsStringAsync(cancellationToken), Json);
        }
        catch (JsonException)
        {
            // Not Logto's own words; the status says enough.
            return null;
        }
    }
}
