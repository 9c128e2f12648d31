using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aigc.EndToEnd.Tests.Telemetry;

internal sealed record Span(string Service, string Trace, string Id, string Parent, string Name, Dictionary<string, string> Attributes);

internal sealed record Metric(string Service, string Name, string Unit, string Kind, IReadOnlySet<string> Attributes);

internal sealed record LogLine(string Service, string Trace, string Body);

/// <summary>An OTLP/HTTP receiver that keeps everything.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = [];

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            _received.Enqueue((signal, body.ToArray()));
        });
    }

    public string Address => _app.Urls.Single();

    public IEnumerable<Span> Spans => Records("traces").Select(entry => new Span(
        entry.Service, entry.Record.Hex(1), entry.Record.Hex(2), entry.Record.Hex(4), entry.Record.Text(5), entry.Record.Attributes(9)));

    public IEnumerable<Metric> Metrics => Records("metrics").SelectMany(entry => Read(entry.Service, entry.Record));

    public IEnumerable<LogLine> Logs => Records("logs").Select(entry => new LogLine(
        entry.Service, entry.Record.Hex(9), entry.Record.All(5).Select(body => body.Text(1)).SingleOrDefault("")));

    /// <summary>Everything, byte for byte.</summary>
    public bool Contains(string text) => _received.Any(message => message.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<(string Service, Message Record)> Records(string signal) =>
        from message in _received
        where message.Signal == signal
        from resource in new Message(message.Body).All(1)
        let service = resource.All(1).Single().Attributes(1)["service.name"]
        from scope in resource.All(2)
        from record in scope.All(2)
        select (service, record);

    private static IEnumerable<Metric> Read(string service, Message metric)
    {
        foreach (var (field, kind, attributes) in new[] { (5, "gauge", 7), (7, "sum", 7), (9, "histogram", 9) })
        {
            foreach (var point in metric.All(field).SelectMany(data => data.All(1)))
                yield return new(service, metric.Text(1), metric.Text(3), kind, point.Attributes(attributes).Keys.ToHashSet());
        }
    }
}
