using Microsoft.Extensions.Options;

namespace Aigc.ServiceDefaults.Limits;

/// <summary>How much one person and one address may ask for; section <c>Limits</c>. Counts of a minute, for each replica; 0: no limit.</summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Steps of signing in. One sign-in takes three, and a whole office may share an address.</summary>
    public int SignInsPerAddress { get; set; } = 600;

    /// <summary>Credentials that turn out to be nobody's.</summary>
    public int FailuresPerAddress { get; set; } = 600;

    public int CallsPerPerson { get; set; } = 3_000;

    public int CallsPerAddress { get; set; } = 30_000;

    public int WakesPerPerson { get; set; } = 60;

    public int WakesPerAddress { get; set; } = 600;

    /// <summary>Engines that one person keeps awake at the same time.</summary>
    public int AwakePerPerson { get; set; } = 10;
}

public sealed class ValidateLimitsOptions : IValidateOptions<LimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        var errors = new List<string>();
        Check(nameof(options.SignInsPerAddress), options.SignInsPerAddress);
        Check(nameof(options.FailuresPerAddress), options.FailuresPerAddress);
        Check(nameof(options.CallsPerPerson), options.CallsPerPerson);
        Check(nameof(options.CallsPerAddress), options.CallsPerAddress);
        Check(nameof(options.WakesPerPerson), options.WakesPerPerson);
        Check(nameof(options.WakesPerAddress), options.WakesPerAddress);
        Check(nameof(options.AwakePerPerson), options.AwakePerPerson);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(string key, int value)
        {
            if (value is < 0 or > 1_000_000)
                errors.Add($"{LimitsOptions.Section}:{key} must be from 1 to 1000000, or 0 for no limit.");
        }
    }
}
