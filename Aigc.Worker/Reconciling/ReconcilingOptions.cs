using Microsoft.Extensions.Options;

namespace Aigc.Worker.Reconciling;

/// <summary>Section <c>Reconciling</c>.</summary>
public sealed class ReconcilingOptions
{
    public const string Section = "Reconciling";

    /// <summary>How many engines may have compute at once, the others queue; null: the runtime's own bound, and none where it queues by itself.</summary>
    public int? Capacity { get; set; }
}

public sealed class ValidateReconcilingOptions : IValidateOptions<ReconcilingOptions>
{
    public ValidateOptionsResult Validate(string? name, ReconcilingOptions options) => options.Capacity is null or (> 0 and <= 100_000)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Reconciling:Capacity must be from 1 to 100000: how many engines may be awake at once.");
}
