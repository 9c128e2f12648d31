using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Runtimes;

/// <summary>The runtime can't be asked now. Trying again may help without a change to the engine.</summary>
public sealed class RuntimeAwayException(Reason reason, Exception inner) : Exception(inner.Message, inner)
{
    public Reason Reason { get; } = reason;
}
