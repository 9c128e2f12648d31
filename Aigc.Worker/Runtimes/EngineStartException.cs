using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Runtimes;

/// <summary>An engine can't start, and trying again without a change won't help.</summary>
public sealed class EngineStartException(Reason reason, Exception? inner = null)
    : Exception(reason.Detail is null ? reason.Code : $"{reason.Code}: {reason.Detail}", inner)
{
    public Reason Reason { get; } = reason;
}
