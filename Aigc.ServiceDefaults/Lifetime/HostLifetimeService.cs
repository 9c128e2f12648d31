using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aigc.ServiceDefaults.Lifetime;

/// <summary>
/// The AppHost holds the other end of stdin. End of file means that it is ending for good, or was killed:
/// the operating system closes the pipe even after <c>kill -9</c>, so no service outlives its AppHost.
/// </summary>
internal sealed partial class HostLifetimeService(
    HostLifetimeWatch watch,
    IHostApplicationLifetime lifetime,
    ILogger<HostLifetimeService> logger) : IHostedService
{
    /// <summary>A service that has not drained by then is ended hard.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A start in progress is not cut short: what has started by then can stop in order.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: a read of stdin cannot be cancelled, and a background thread does not hold up the exit.
        new Thread(ReadToEnd) { IsBackground = true, Name = "host lifetime" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void ReadToEnd()
    {
        try
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException e)
        {
            Log.InputFailed(logger, e);
        }

        watch.End();
        Log.HostEnded(logger);
        lifetime.ApplicationStarted.WaitHandle.WaitOne(StartPatience);
        ThreadPool.QueueUserWorkItem(_ => lifetime.StopApplication());

        // An orderly exit ends this background thread in the middle of its wait.
        new ManualResetEvent(false).WaitOne(Patience);
        Process.GetCurrentProcess().Kill();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The AppHost has ended; this service ends too")]
        public static partial void HostEnded(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "Reading stdin failed; taken as the end of the AppHost")]
        public static partial void InputFailed(ILogger logger, Exception exception);
    }
}
