using Aspire.Hosting.Running;

namespace Aspire.Hosting.Stores;

/// <summary>A server that a run starts, keeps and stops for one store.</summary>
internal abstract class StoreServer(EndpointAnnotation endpoint, StoreAccess access)
{
    public int Port => endpoint.AllocatedEndpoint?.Port ?? throw new InvalidOperationException("The store has no port before the application starts.");

    /// <summary>What it is, for people: <c>postgres 15</c>.</summary>
    public abstract string Title { get; }

    /// <summary>The signal that makes it write everything down and end without waiting for its clients.</summary>
    public abstract string StopSignal { get; }

    public abstract string PasswordFile { get; }

    public string ConnectionString => access.ConnectionString(Port);

    /// <summary>Without the password.</summary>
    public string Address => access.Address(Port);

    /// <summary>Makes its folder ready and describes the process; before each start.</summary>
    /// <exception cref="DistributedApplicationException">It cannot start; the message says why.</exception>
    public abstract Task<ProcessSpec> PrepareAsync(Action<string> log, CancellationToken cancellationToken);

    /// <summary>Whether it serves clients now.</summary>
    public virtual Task<bool> AnswersAsync(CancellationToken cancellationToken) => access.AnswersAsync(Port, cancellationToken);

    /// <summary>After its process has ended.</summary>
    public virtual Task CleanUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
