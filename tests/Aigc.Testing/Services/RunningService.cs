using System.Diagnostics;

namespace Aigc.Testing.Services;

/// <summary>One service as a process of its own, on a free loopback port.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan StartBudget = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private RunningService(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Returns when the service says that it is healthy.</summary>
    /// <param name="port">A free one, if it has to be known before.</param>
    public static async Task<RunningService> StartAsync(string name, Dictionary<string, string> settings, int? port = null)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? FreePort.Next()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll")]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = address.AbsoluteUri;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var service = new RunningService(Process.Start(start)!, address);
        try
        {
            await service.BecomeHealthyAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    private async Task BecomeHealthyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var budget = new CancellationTokenSource(StartBudget);
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The service ended with exit code {_process.ExitCode}.");
            try
            {
                using var health = await client.GetAsync("/health", budget.Token);
                if (health.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, budget.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
