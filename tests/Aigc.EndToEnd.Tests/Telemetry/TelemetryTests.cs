using System.Net;
using System.Net.Http.Headers;
using Aigc.Testing;

namespace Aigc.EndToEnd.Tests.Telemetry;

/// <summary>Whoever asks why a visit took so long, or how the product does, finds it in the collector, and nobody's secrets.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const string ForeignTrace = "0af7651916cd43dd8448eb211c80319c";

    /// <summary>What is told only when something went wrong.</summary>
    private static readonly string[] OnlyInTrouble = ["aigc.forward.errors", "aigc.changes.dropped", "aigc.feed.interruptions"];

    private readonly Product _product = new();
    private Collector _collector = null!;

    public async Task InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        _product.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address;
        _product.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        _product.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        _product.Environment["OTEL_BLRP_SCHEDULE_DELAY"] = "200";
        _product.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        await _product.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _product.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task A_held_visit_is_one_trace_through_all_services_and_nothing_secret_is_told()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("demo");
        var token = (await alice.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "telemetry" }))["token"]!.GetValue<string>();
        (await VisitAsync(engine, token)).ShouldBe(HttpStatusCode.OK);
        // A person's way in, with one-time code and cookies.
        (await engine.NavigateAsync("?secret=hidden-query")).Dispose();

        await Eventually.TrueAsync("the whole trace has arrived", TimeSpan.FromSeconds(15),
            () => Named("forward").Any() && Named("engine wake").Any() && Named("GET engine").Any(span => span.Id == Named("forward").First().Parent),
            () => string.Join('\n', _collector.Spans));
        CheckTrace(engine);
        await CheckLogsAsync(Named("engine wake").Single().Trace);
        await CheckMetricsAsync();

        var cookies = alice.Cookies.GetAllCookies().Select(cookie => cookie.Value).Where(value => value.Length > 8);
        foreach (var secret in cookies.Append(token).Append("hidden-query").Append("code="))
            _collector.Contains(secret).ShouldBeFalse($"'{secret}' was told");
    }

    private void CheckTrace(TakenEngine engine)
    {
        var wake = Named("engine wake").ShouldHaveSingleItem();
        wake.Service.ShouldBe("worker");
        wake.Attributes["aigc.engine.id"].ShouldBe(engine.Id);
        wake.Attributes["aigc.outcome"].ShouldBe("ready");
        wake.Trace.ShouldNotBe(ForeignTrace, "a visitor must not decide on our traces");
        var trace = _collector.Spans.Where(span => span.Trace == wake.Trace).ToDictionary(span => span.Id);

        var path = new List<string>();
        for (var span = wake; span is not null; span = trace.GetValueOrDefault(span.Parent))
            path.Insert(0, $"{span.Service}: {span.Name}");
        path.ShouldBe(["proxy: GET engine", "proxy: POST", "api: POST /internal/visits", "api: visit", "worker: engine wake"]);
        trace.Values.Where(span => span.Parent == wake.Id).Select(span => span.Name).ShouldBe(["queued", "starting", "loading"]);
        var forward = trace.Values.Single(span => span.Name == "forward");
        forward.Attributes["http.response.status_code"].ShouldBe("200");
        trace[forward.Parent].Name.ShouldBe("GET engine");
        trace[forward.Parent].Parent.ShouldBeEmpty();
        _collector.Spans.ShouldNotContain(span => span.Trace == ForeignTrace || span.Attributes.GetValueOrDefault("url.path") == "/health");
    }

    private async Task CheckLogsAsync(string trace)
    {
        await Eventually.TrueAsync("the worker's log line has arrived with the trace", TimeSpan.FromSeconds(10),
            () => _collector.Logs.Any(line => line.Service == "worker" && line.Trace == trace));
        _product.Log.Split('\n').ShouldContain(line => line.StartsWith("worker", StringComparison.Ordinal) && line.TrimEnd().EndsWith($"trace={trace}", StringComparison.Ordinal));
    }

    private async Task CheckMetricsAsync()
    {
        var documented = DocumentedMetric.Read();
        var expected = documented.Select(metric => metric.Name).Except(OnlyInTrouble).ToHashSet();
        await Eventually.TrueAsync("all metrics have arrived", TimeSpan.FromSeconds(10),
            () => expected.IsSubsetOf(_collector.Metrics.Select(metric => metric.Name)),
            () => string.Join(", ", expected.Except(_collector.Metrics.Select(metric => metric.Name))));
        foreach (var arrived in _collector.Metrics.Where(metric => metric.Name.StartsWith("aigc.", StringComparison.Ordinal)))
        {
            var words = documented.SingleOrDefault(metric => metric.Name == arrived.Name).ShouldNotBeNull($"{arrived.Name} is not in docs/telemetry.md");
            (arrived.Unit, arrived.Kind).ShouldBe((words.Unit, words.Kind), arrived.Name);
            words.Services.ShouldContain(arrived.Service, arrived.Name);
            arrived.Attributes.Except(words.Attributes).ShouldBeEmpty(arrived.Name);
            words.Attributes.Except(arrived.Attributes).Where(attribute => attribute != "error.type").ShouldBeEmpty(arrived.Name);
        }
    }

    private IEnumerable<Span> Named(string name) => _collector.Spans.Where(span => span.Name == name);

    private async Task<HttpStatusCode> VisitAsync(TakenEngine engine, string token)
    {
        using var client = _product.Person("nobody");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(engine.Url, "sdapi/v1/options?secret=hidden-query"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("traceparent", $"00-{ForeignTrace}-b7ad6b7169203331-01");
        request.Headers.Add("baggage", "secret=hidden-query");
        using var answer = await client.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
