namespace Aigc.Hosting.Tests.Telemetry;

/// <summary>Whoever runs a collector or the Aspire dashboard sees every request.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task A_request_to_a_service_reaches_the_collector_as_a_span()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var builder = Run.Builder($"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={collector.Address}");
        builder.AddProject<Sample_Service>("traced", launchProfileName: null)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "100");
        await using var run = await Run.StartAsync(builder);

        (await run.EnvironmentAsync("traced"))["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("http/protobuf");
        await Eventually.TrueAsync("the span has arrived", TimeSpan.FromSeconds(15), () => collector.Has("/v1/traces", "traced", "/environment"), () => collector.Received);
    }
}
