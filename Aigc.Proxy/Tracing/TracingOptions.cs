using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Tracing;

/// <summary>Section <c>Tracing</c>: which requests for engines are told to the collector.</summary>
public sealed class TracingOptions
{
    public const string Section = "Tracing";

    /// <summary>The share of requests to ready engines that are traced, from 0 to 1. Wakes, waits and failures always are.</summary>
    public double ForwardRatio { get; set; } = 1;

    /// <summary>Whether traces of visitors are linked to ours. Off: whoever may send a request could otherwise tie our traces to anything.</summary>
    public bool LinkVisitors { get; set; }
}

public sealed class ValidateTracingOptions : IValidateOptions<TracingOptions>
{
    public ValidateOptionsResult Validate(string? name, TracingOptions options) => options.ForwardRatio is >= 0 and <= 1
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Tracing:ForwardRatio must be from 0 to 1, such as 0.05 for one request to a ready engine in twenty.");
}
