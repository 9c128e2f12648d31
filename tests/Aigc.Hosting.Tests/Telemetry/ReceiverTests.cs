using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Aspire.Hosting.Telemetry;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Hosting.Tests.Telemetry;

/// <summary>Without any collector the page shows what the services do; strangers and broken programs can neither read nor break it.</summary>
public sealed class ReceiverTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private Run _run = null!;
    private Aspire.Hosting.Telemetry.OtlpReceiver _receiver = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.AddProject<Sample_Service>("traced", launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health");
        _run = await Run.StartAsync(builder);
        _receiver = _run.App.Services.GetRequiredService<Aspire.Hosting.Telemetry.OtlpReceiver>();
        _client = new HttpClient { BaseAddress = _run.Page };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _run.DisposeAsync();
    }

    [Fact]
    public async Task A_request_to_a_service_is_shown_within_seconds()
    {
        (await _run.EnvironmentAsync("traced"))["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe(_receiver.Address!.ToString());
        await Eventually.TrueAsync("the trace is listed", TimeSpan.FromSeconds(5),
            async () => (await _client.GetStringAsync("traces")).Contains("GET /environment", StringComparison.Ordinal), Page("traces"));
        await Eventually.TrueAsync("its metrics are listed", TimeSpan.FromSeconds(5),
            async () => (await _client.GetStringAsync("metrics?service=traced")).Contains("http.server.request.duration", StringComparison.Ordinal), Page("metrics"));
        (await _client.GetStringAsync("metrics?service=nobody")).ShouldNotContain("http.server.request.duration");
    }

    [Fact]
    public async Task Spans_are_shown_below_each_other_as_text()
    {
        (await SendAsync("traces", Request(Span("outer", 1, null), Span("<b>inner</b>", 2, 1)), gzip: true)).ShouldBe(HttpStatusCode.OK);
        var html = await _client.GetStringAsync($"traces/{Trace}");
        html.ShouldContain("&lt;b&gt;inner&lt;/b&gt;");
        html.IndexOf("class=\"d0\"", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf("class=\"d1\"", StringComparison.Ordinal));
        (await _client.GetAsync("traces/00000000000000000000000000000000")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_the_newest_traces_are_kept()
    {
        var store = _run.App.Services.GetRequiredService<TraceStore>();
        store.Add(Enumerable.Range(0, TraceStore.MaxTraces + 50).Select(i => new Span { TraceId = $"{i:x32}", Id = "1", Name = $"{i}" }));
        store.List().Count.ShouldBe(TraceStore.MaxTraces);
        store.Find($"{0:x32}").ShouldBeNull();
        store.Add(Enumerable.Range(0, TraceStore.MaxSpans + 7).Select(i => new Span { TraceId = Trace, Id = $"{i}", ParentId = $"{i - 1}" }));
        (await _client.GetStringAsync($"traces/{Trace}")).ShouldContain("7 more spans are not kept");
    }

    [Fact]
    public async Task Spans_that_name_each_other_as_parents_are_still_shown()
    {
        (await SendAsync("traces", Request(Span("hen", 1, 2), Span("egg", 2, 1)))).ShouldBe(HttpStatusCode.OK);
        var html = await _client.GetStringAsync($"traces/{Trace}");
        html.ShouldContain("hen");
        html.ShouldContain("egg");
    }

    [Theory]
    [InlineData("traces", "0a")]
    [InlineData("traces", "0aff")]
    [InlineData("traces", "0affffffff0f")]
    [InlineData("traces", "ffffffffffffffffffff")]
    [InlineData("traces", "0a06120412020a00")]
    [InlineData("metrics", "0a0c120a12084a060a0432020000")]
    [InlineData("metrics", "0a05ffffffffff")]
    public async Task What_is_no_message_is_refused(string signal, string hex) =>
        (await SendAsync(signal, Convert.FromHexString(hex))).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Values_nested_too_deeply_are_refused()
    {
        byte[] value = [];
        for (var i = 0; i < 200; i++) value = Wrap(5, Wrap(1, value));
        (await SendAsync("traces", Wrap(1, Wrap(2, Wrap(2, Wrap(9, Wrap(2, value))))))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Broken_or_endless_compression_is_refused()
    {
        (await SendAsync("traces", [1, 2, 3, 4], encoding: "gzip")).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("traces", new byte[64 << 20], gzip: true)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await SendAsync("traces", [], encoding: "br")).ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Without_the_key_of_the_run_nothing_is_taken() =>
        (await SendAsync("traces", Request(Span("forged", 1, null)), key: "another")).ShouldBe(HttpStatusCode.Unauthorized);

    private Func<string> Page(string path) => () => _client.GetStringAsync(path).GetAwaiter().GetResult();

    private async Task<HttpStatusCode> SendAsync(string signal, byte[] body, bool gzip = false, string? encoding = null, string? key = null)
    {
        using var packed = new MemoryStream();
        if (gzip)
        {
            await using var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            await zip.WriteAsync(body);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_receiver.Address!, $"/v1/{signal}"));
        request.Headers.Add(Aspire.Hosting.Telemetry.OtlpReceiver.KeyHeader, key ?? _receiver.Key);
        request.Content = new ByteArrayContent(gzip ? packed.ToArray() : body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (gzip || encoding is not null) request.Content.Headers.ContentEncoding.Add(encoding ?? "gzip");
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    private static byte[] Request(params byte[][] spans) => Wrap(1, Wrap(2, [.. spans.SelectMany(span => Wrap(2, span))]));

    private static byte[] Span(string name, byte id, byte? parent) =>
    [
        .. Wrap(1, Convert.FromHexString(Trace)),
        .. Wrap(2, [0, 0, 0, 0, 0, 0, 0, id]),
        .. parent is { } above ? Wrap(4, [0, 0, 0, 0, 0, 0, 0, above]) : [],
        .. Wrap(5, System.Text.Encoding.UTF8.GetBytes(name)),
    ];

    private static byte[] Wrap(int field, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
