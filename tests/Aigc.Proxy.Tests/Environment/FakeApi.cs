using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Proxy.Tests.Environment;

/// <summary>The part of the API that the proxy talks to.</summary>
public sealed class FakeApi
{
    public const string Key = "a-key-for-the-tests-only";

    public ConcurrentQueue<VisitRequest> Visits { get; } = new();
    public ConcurrentQueue<QueueRequest> Queue { get; } = new();

    /// <summary>What it answers to these.</summary>
    public int OnQueue { get; set; } = StatusCodes.Status204NoContent;
    public ConcurrentQueue<IReadOnlyList<Denial>> Denials { get; } = new();
    public ConcurrentQueue<string> Paths { get; } = new();
    public ConcurrentDictionary<string, RedeemRequest> Codes { get; } = new();
    public ConcurrentDictionary<string, Route> Routes { get; } = new();
    public ConcurrentDictionary<string, SignIn> SignIns { get; } = new();
    public Func<VisitRequest, Task<VisitAnswer?>> OnVisit { get; set; } =
        _ => Task.FromResult<VisitAnswer?>(new(Desired.Awake, EngineState.Queued, new(Reasons.Visit), 1));

    /// <summary>While set, nobody may wake another engine.</summary>
    public TooManyAwakeAnswer? TooManyAwake { get; set; }

    /// <summary>What identity tokens are signed with; null: it has no key yet.</summary>
    public ECDsa? SigningKey { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>While set, it answers as a service does that has lost its database.</summary>
    public bool Away { get; set; }

    /// <summary>How many asked meanwhile.</summary>
    public int AskedWhileAway => Volatile.Read(ref _askedWhileAway);

    private int _askedWhileAway;

    public void Use(WebApplication app) => app.Run(async context =>
    {
        if (Away)
        {
            Interlocked.Increment(ref _askedWhileAway);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        // The proxy asks for its key by itself, at any time.
        if (context.Request.Path != InternalApi.SigningKey)
            Paths.Enqueue(context.Request.Path.Value!);
        if (context.Request.Path.StartsWithSegments("/internal"))
            context.Request.Headers[GatewayOptions.KeyHeader].ToString().ShouldBe(Key);
        switch (context.Request.Path.Value)
        {
            case InternalApi.Visits:
                var visit = (await context.Request.ReadFromJsonAsync<VisitRequest>())!;
                Visits.Enqueue(visit);
                if (TooManyAwake is { } full)
                    await Results.Conflict(full).ExecuteAsync(context);
                else
                    await AnswerAsync(context, await OnVisit(visit), StatusCodes.Status403Forbidden);
                break;
            case InternalApi.Queue:
                Queue.Enqueue((await context.Request.ReadFromJsonAsync<QueueRequest>())!);
                context.Response.StatusCode = OnQueue;
                break;
            case InternalApi.Authenticate:
                var who = (await context.Request.ReadFromJsonAsync<AuthenticateRequest>())!;
                await AnswerAsync(context, SignIns.GetValueOrDefault(who.Credential), StatusCodes.Status401Unauthorized);
                break;
            case InternalApi.Denials:
                Denials.Enqueue((await context.Request.ReadFromJsonAsync<List<Denial>>())!);
                break;
            case InternalApi.Routes:
                await AnswerAsync(context, Routes.GetValueOrDefault(context.Request.Query["host"].ToString()), StatusCodes.Status404NotFound);
                break;
            case InternalApi.Redeem:
                var asked = (await context.Request.ReadFromJsonAsync<RedeemRequest>())!;
                var redeemed = Codes.TryGetValue(asked.Code, out var code) && asked == code && Codes.TryRemove(asked.Code, out _);
                await AnswerAsync(context, redeemed ? new RedeemAnswer(Gateway.AliceCookie, DateTimeOffset.MaxValue.AddYears(-1000)) : null, StatusCodes.Status400BadRequest);
                break;
            case InternalApi.SigningKey:
                await AnswerAsync(
                    context, SigningKey is null ? null : new SigningKeyAnswer("key-1", Convert.ToBase64String(SigningKey.ExportPkcs8PrivateKey())),
                    StatusCodes.Status503ServiceUnavailable);
                break;
            case "/.well-known/aigc/jwks.json":
                var point = SigningKey!.ExportParameters(includePrivateParameters: false).Q;
                await context.Response.WriteAsJsonAsync(new
                {
                    keys = new[] { new { kty = "EC", crv = "P-256", kid = "key-1", x = WebEncoders.Base64UrlEncode(point.X!), y = WebEncoders.Base64UrlEncode(point.Y!) } },
                });
                break;
            default:
                await context.Response.WriteAsJsonAsync(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
                break;
        }
    });

    private static Task AnswerAsync<T>(HttpContext context, T? answer, int otherwise)
        where T : class
    {
        if (answer is not null)
            return context.Response.WriteAsJsonAsync(answer);
        context.Response.StatusCode = otherwise;
        return Task.CompletedTask;
    }
}
