using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Internal;

/// <summary>What the services ask each other, asked from outside by somebody who has even learned the gateway's key.</summary>
[Collection(nameof(OneTheatre))]
public sealed class InternalTests(Theatre theatre)
{
    [Theory]
    [InlineData("/internal/visits")]
    [InlineData("//internal/visits")]
    [InlineData("///internal//visits")]
    [InlineData("/INTERNAL/visits")]
    [InlineData("/internal/visits/")]
    [InlineData("/internal/visits?x=/health")]
    [InlineData("/%69nternal/visits")]
    [InlineData("/%2569nternal/visits")]
    [InlineData("/internal%2fvisits")]
    [InlineData("/internal%5cvisits")]
    [InlineData("/%2finternal/visits")]
    [InlineData("/%5cinternal/visits")]
    [InlineData("/\\internal/visits")]
    [InlineData("/./internal/visits")]
    [InlineData("/.//internal/visits")]
    [InlineData("/x/../internal/visits")]
    [InlineData("/x/%2e%2e/internal/visits")]
    [InlineData("/x/..%2finternal/visits")]
    [InlineData("/x/..;/internal/visits")]
    [InlineData("/api/v1/../../internal/visits")]
    [InlineData("/api/..%2f..%2finternal/visits")]
    [InlineData("/identity/../internal/visits")]
    [InlineData("/identity%2f..%2finternal/visits")]
    [InlineData("/;/internal/visits")]
    [InlineData("/internal;x/visits")]
    [InlineData("/internal/./visits")]
    [InlineData("/internal/x/../visits")]
    [InlineData("/internal\t/visits")]
    [InlineData("/internal%00/visits")]
    [InlineData("/ınternal/visits")]
    [InlineData("http://localhost:{port}/internal/visits")]
    [InlineData("http://evil.test/internal/visits")]
    [InlineData("internal/visits")]
    [InlineData("*")]
    public async Task No_spelling_of_the_path_wakes_an_engine(string target)
    {
        var body = $$"""{"engine":"{{theatre.Sleeper.Id}}","user":"alice","retry":true}""";
        var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(
            "POST", theatre.Dashboard, target.Replace("{port}", $"{theatre.Product.Port}", StringComparison.Ordinal),
            [$"X-Gateway-Key: {theatre.GatewayKey}", "Content-Type: application/json"], body));
        answer.ShouldBeRefused(0, 400, 404, 405, 421);
    }

    [Theory]
    [InlineData("POST", "/internal/authenticate", """{"credential":"{token}"}""")]
    [InlineData("POST", "/internal/codes/redeem", """{"code":"x","host":"x","browser":"x"}""")]
    [InlineData("GET", "/internal/routes?host={engine}", null)]
    [InlineData("GET", "/internal", null)]
    [InlineData("OPTIONS", "/internal/visits", null)]
    [InlineData("HEAD", "/internal/routes?host={engine}", null)]
    [InlineData("GET", "/internal/engines/{id}/files/content?path=secret.txt", null)]
    [InlineData("PUT", "/internal/engines/{id}/files/content?path=secret.txt", "mine")]
    [InlineData("DELETE", "/internal/engines/{id}/files?path=secret.txt", null)]
    public async Task What_is_internal_tells_nothing(string method, string target, string? body)
    {
        string Fill(string text) => text
            .Replace("{token}", theatre.Alice.Token, StringComparison.Ordinal)
            .Replace("{id}", theatre.Sleeper.Id, StringComparison.Ordinal)
            .Replace("{engine}", theatre.Sleeper.Url.Host.Split('.')[0], StringComparison.Ordinal);
        var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(
            method, theatre.Dashboard, Fill(target), [$"X-Gateway-Key: {theatre.GatewayKey}", "Content-Type: application/json"], body is null ? null : Fill(body)));
        answer.ShouldBeRefused(404).Text.ShouldNotContain("alice");
    }

    [Theory]
    [InlineData("X-Original-URL: /internal/visits")]
    [InlineData("X-Rewrite-URL: /internal/visits")]
    [InlineData("X-HTTP-Path-Override: /internal/visits")]
    [InlineData("X-Forwarded-Prefix: /internal")]
    [InlineData("X-Forwarded-Path: /internal/visits")]
    public async Task No_header_names_another_path(string header)
    {
        var body = $$"""{"engine":"{{theatre.Sleeper.Id}}","user":"alice","retry":true}""";
        (await theatre.UnchangedAsync(() => theatre.SendAsync(
            "POST", theatre.Dashboard, "/health-is-not-here", [$"X-Gateway-Key: {theatre.GatewayKey}", "Content-Type: application/json", header], body))).ShouldBeRefused(404, 405);
    }

    [Theory]
    [InlineData("X-Gateway-Key: {key}")]
    [InlineData("x_gateway_key: {key}")]
    [InlineData("X-Forwarded-User: alice")]
    [InlineData("X-Forwarded-User: admin\r\nX-Forwarded-Groups: admin")]
    [InlineData("X-Remote-User: alice")]
    [InlineData("Remote-User: alice")]
    [InlineData("X-Auth-Request-User: alice")]
    [InlineData("X-Aigc-Identity: alice")]
    [InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("Forwarded: for=127.0.0.1;host=localhost")]
    public async Task No_header_makes_a_stranger_somebody(string header)
    {
        var line = header.Replace("{key}", theatre.GatewayKey, StringComparison.Ordinal);
        (await theatre.TryAsync("GET", theatre.Dashboard, "/api/v1/me", line)).ShouldBeRefused(401);
        (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/", line)).ShouldBeRefused(401);
        (await theatre.TryAsync("GET", theatre.Awake.Url.Authority, "/", line)).ShouldBeRefused(401);
    }
}
