using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aigc.ServiceDefaults.Telemetry;

/// <summary>Subscribes the built-in meters and sources, and everything named <c>Aigc.*</c>, for the life of the host.</summary>
internal sealed class TelemetryService(IHostEnvironment environment, IConfiguration configuration) : IHostedLifecycleService, IDisposable
{
    private static readonly string[] Meters = ["Microsoft.AspNetCore.*", "System.Net.Http", "System.Net.NameResolution", "System.Runtime", "Npgsql", "Aigc.*"];
    private static readonly string[] Sources = ["Microsoft.AspNetCore*", "System.Net.Http", "Npgsql", "Aigc.*"];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over the name of the application.</summary>
    public static ResourceBuilder Resource(IHostEnvironment environment) =>
        ResourceBuilder.CreateEmpty().AddService(environment.ApplicationName).AddTelemetrySdk().AddEnvironmentVariableDetector();

    // Before anything else starts, so that the first request is already traced.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource(environment)).AddSource(Sources).AddOtlpExporter();

        // The standard's own setting decides where it is set.
        if (configuration["OTEL_TRACES_SAMPLER"] is null) traces.SetSampler(new ParentBasedSampler(new WorthTelling()));
        _traces = traces.Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource(environment)).AddMeter(Meters).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
