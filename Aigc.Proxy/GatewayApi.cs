using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Waiting;

namespace Aigc.Proxy;

/// <summary>What the proxy asks of the API (<see cref="InternalApi"/>). Any answer that the contract does not name throws <see cref="HttpRequestException"/>.</summary>
public sealed class GatewayApi(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The route of the engine with this host label; null: there is none.</summary>
    public async Task<Route?> FindRouteAsync(string label, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri($"{InternalApi.Routes}?host={Uri.EscapeDataString(label)}", UriKind.Relative), cancellationToken);
        return await ReadAsync<Route>(answer, HttpStatusCode.NotFound, cancellationToken);
    }

    /// <summary>Whose credential this is; null: nobody's.</summary>
    public async Task<SignIn?> AuthenticateAsync(string credential, string? address, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(InternalApi.Authenticate, new AuthenticateRequest(credential, address), Json, cancellationToken);
        return await ReadAsync<SignIn>(answer, HttpStatusCode.Unauthorized, cancellationToken);
    }

    /// <summary>The engine cookie for a one-time code; null: the code is stale, used, or another browser's.</summary>
    public async Task<RedeemAnswer?> RedeemAsync(RedeemRequest request, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(InternalApi.Redeem, request, Json, cancellationToken);
        return await ReadAsync<RedeemAnswer>(answer, HttpStatusCode.BadRequest, cancellationToken);
    }

    /// <summary>Asks for the engine to be awake.</summary>
    public async Task<VisitOutcome> VisitAsync(VisitRequest request, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(InternalApi.Visits, request, Json, cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.Forbidden => new(null, Problems.NotYours),
            HttpStatusCode.NotFound => new(null, Problems.UnknownEngine),
            HttpStatusCode.TooManyRequests => new(null, Problems.TooManyRequests(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1))),
            HttpStatusCode.Conflict => new(null, Problems.TooManyAwake((await answer.Content.ReadFromJsonAsync<TooManyAwakeAnswer>(Json, cancellationToken))!)),
            _ => new(await ReadAsync<VisitAnswer>(answer, null, cancellationToken), null),
        };
    }

    /// <summary>Leaves the queue, or chooses another pool in it; null: done.</summary>
    public async Task<Problem?> QueueAsync(QueueRequest request, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(InternalApi.Queue, request, Json, cancellationToken);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.Forbidden:
                return Problems.NotYours;
            case HttpStatusCode.NotFound:
                return Problems.UnknownEngine;
            case HttpStatusCode.Conflict:
                return Problems.WaitsNoMore;
        }

        answer.EnsureSuccessStatusCode();
        return null;
    }

    /// <summary>What this proxy signs with now.</summary>
    public async Task<SigningKeyAnswer> FindSigningKeyAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(InternalApi.SigningKey, UriKind.Relative), cancellationToken);
        return (await ReadAsync<SigningKeyAnswer>(answer, null, cancellationToken))!;
    }

    /// <summary>Tells of requests that were refused here.</summary>
    public async Task ReportAsync(IReadOnlyList<Denial> batch, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(InternalApi.Denials, batch, Json, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri("/health", UriKind.Relative), cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    private static async Task<T?> ReadAsync<T>(HttpResponseMessage answer, HttpStatusCode? nothing, CancellationToken cancellationToken)
        where T : class
    {
        if (answer.StatusCode == nothing)
            return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<T>(Json, cancellationToken)
            ?? throw new HttpRequestException($"The API answered {typeof(T).Name} with nothing.");
    }
}
