using Microsoft.Extensions.Options;

namespace Aigc.Engines.Gateway;

/// <summary>How the studio counts days and money; section <c>Studio</c>.</summary>
public sealed class StudioOptions
{
    public const string Section = "Studio";

    /// <summary>An IANA name, such as <c>Europe/Berlin</c>: where days and working hours begin. Empty: the machine's.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>What prices and costs are in.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>How many GPU-hours a day engines may be awake before their owners come, by habit; 0: none is woken ahead.</summary>
    public double PreWakeGpuHours { get; set; }

    public TimeZoneInfo Zone => TimeZone.Length == 0 ? TimeZoneInfo.Local : TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}

public sealed class ValidateStudioOptions : IValidateOptions<StudioOptions>
{
    public ValidateOptionsResult Validate(string? name, StudioOptions options)
    {
        var errors = new List<string>();
        if (options.TimeZone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _))
            errors.Add($"Studio:TimeZone must be the name of a time zone, such as Europe/Berlin, not '{options.TimeZone}'.");
        if (options.Currency.Length != 3 || !options.Currency.All(char.IsAsciiLetterUpper))
            errors.Add($"Studio:Currency must be three capital letters, such as USD, not '{options.Currency}'.");
        if (options.PreWakeGpuHours is not (>= 0 and <= 100_000))
            errors.Add($"Studio:PreWakeGpuHours must be a number of GPU-hours a day, 0 to 100000, not '{options.PreWakeGpuHours}'.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
