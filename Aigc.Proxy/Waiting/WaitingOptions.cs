using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Waiting;

/// <summary>How long and how many requests wait for engines; section <c>Proxy:Waiting</c>.</summary>
public sealed class WaitingOptions
{
    public const string Section = "Proxy:Waiting";

    /// <summary>Below the 100 s after which common clients and load balancers give up by themselves.</summary>
    public TimeSpan MaxHold { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long an engine that is said to be ready is tried when it does not accept connections.</summary>
    public TimeSpan ConnectPatience { get; set; } = TimeSpan.FromSeconds(5);

    public int MaxWaitersPerEngine { get; set; } = 2_000;

    public int MaxWaiters { get; set; } = 10_000;
}

public sealed class ValidateWaitingOptions : IValidateOptions<WaitingOptions>
{
    public ValidateOptionsResult Validate(string? name, WaitingOptions options)
    {
        var errors = new List<string>();
        if (options.MaxHold <= TimeSpan.Zero)
            errors.Add("Proxy:Waiting:MaxHold must be longer than nothing, such as 00:01:30.");
        if (options.ConnectPatience < TimeSpan.Zero)
            errors.Add("Proxy:Waiting:ConnectPatience must not be negative.");
        if (options.MaxWaitersPerEngine < 1)
            errors.Add("Proxy:Waiting:MaxWaitersPerEngine must be at least 1.");
        if (options.MaxWaiters < options.MaxWaitersPerEngine)
            errors.Add("Proxy:Waiting:MaxWaiters must be at least Proxy:Waiting:MaxWaitersPerEngine.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
