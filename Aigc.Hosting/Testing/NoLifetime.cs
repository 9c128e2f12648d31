using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Ctrl+C in a test run belongs to the test runner.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
