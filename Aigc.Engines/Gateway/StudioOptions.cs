using Microsoft.Extensions.Options;

namespace Aigc.Engines.Gateway;

/// <summary>Where the people are who use this gateway; section <c>Studio</c>.</summary>
public sealed class StudioOptions
{
    public const string Section = "Studio";

    /// <summary>An IANA name, such as <c>Europe/Berlin</c>: where days and working hours begin. Empty: the machine's.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>What prices and costs are in.</summary>
    public string Currency { get; set; } = "USD";

    public TimeZoneInfo Zone => TimeZone.Length == 0 ? TimeZoneInfo.Local : TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}

public sealed class ValidateStudioOptions : IValidateOptions<StudioOptions>
{
    public ValidateOptionsResult Validate(string? name, StudioOptions options)
    {
        var errors = new List<string>();
        if (options.TimeZone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _))
            errors.Add("Studio:TimeZone must be an IANA time zone that this machine knows, such as Europe/Berlin; empty is the machine's own.");
        if (options.Currency.Length != 3 || !options.Currency.All(char.IsAsciiLetterUpper))
            errors.Add("Studio:Currency must be three capital letters, such as USD, EUR or CNY.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
