using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Probes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Tests.Probes;

/// <summary>The prober as the worker has it.</summary>
internal sealed class BusyProbes(Action<ProbeOptions>? configure = null) : IDisposable
{
    private readonly ProbeClient _client = new(TimeProvider.System);

    public EngineId Engine { get; } = EngineId.New();

    public BusyProber Prober
    {
        get
        {
            var options = new ProbeOptions();
            configure?.Invoke(options);
            return field ??= new(_client, new(_client, Options.Create(options), TimeProvider.System), Options.Create(options));
        }
    }

    public Task<BusyAnswer> AskAsync(Uri address, BusyProbe probe) => Prober.ProbeAsync(Engine, address, probe, CancellationToken.None);

    public void Dispose() => _client.Dispose();
}
