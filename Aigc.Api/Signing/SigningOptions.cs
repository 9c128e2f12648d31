using Microsoft.Extensions.Options;

namespace Aigc.Api.Signing;

/// <summary>The keys that sign what engines are told of their visitors; section <c>Signing</c>.</summary>
public sealed class SigningOptions
{
    public const string Section = "Signing";

    /// <summary>How old a key grows before another takes over.</summary>
    public TimeSpan Rotation { get; set; } = TimeSpan.FromDays(1);
}

public sealed class ValidateSigningOptions : IValidateOptions<SigningOptions>
{
    public ValidateOptionsResult Validate(string? name, SigningOptions options) =>
        options.Rotation >= TimeSpan.FromHours(1) && options.Rotation <= TimeSpan.FromDays(365)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Signing:Rotation must be between 01:00:00 and 365.00:00:00.");
}
