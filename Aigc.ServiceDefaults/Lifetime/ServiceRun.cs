using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aigc.ServiceDefaults;

public static class ServiceRun
{
    /// <summary>
    /// Runs the service until it is asked to stop. Asked while it is still starting, it ends as quietly as later:
    /// the server reports the cancelled start as an exception, which would otherwise abort the process.
    /// </summary>
    public static void RunService(this IHost host)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            host.Run();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nothing was served yet.
        }
    }
}
