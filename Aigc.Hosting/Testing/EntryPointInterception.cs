using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's entry point up to <c>Build</c>, where its builder is handed to the test.</summary>
internal sealed class EntryPointInterception(Assembly assembly)
{
    private static readonly AsyncLocal<EntryPointInterception?> Flow = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static EntryPointInterception? Current => Flow.Value;

    public Assembly Assembly => assembly;

    public async Task<DistributedApplicationBuilder> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var main = assembly.EntryPoint ?? throw new ArgumentException($"{assembly.GetName().Name} has no entry point.");
        _ = Task.Run(() => Run(main, args), cancellationToken);
        return await _builder.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the entry point: what it does after <c>Build</c> is the test's to do.</summary>
    public void HandOver(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        throw new HandedOverException();
    }

    private void Run(MethodInfo main, string[] args)
    {
        Flow.Value = this;
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? null : [args]);
            _builder.TrySetException(new DistributedApplicationException($"{assembly.GetName().Name} ended before it built its application."));
        }
        catch (TargetInvocationException e) when (e.InnerException is HandedOverException)
        {
            // As intended.
        }
        catch (TargetInvocationException e)
        {
            _builder.TrySetException(e.InnerException ?? e);
        }
    }

    private sealed class HandedOverException : Exception;
}
