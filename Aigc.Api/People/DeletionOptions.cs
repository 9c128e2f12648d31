using Microsoft.Extensions.Options;

namespace Aigc.Api.People;

/// <summary>Section <c>Deletion</c>.</summary>
public sealed class DeletionOptions
{
    public const string Section = "Deletion";

    /// <summary>How long the disks of deleted people are kept.</summary>
    public TimeSpan KeepDisksFor { get; set; } = TimeSpan.FromDays(30);
}

public sealed class ValidateDeletionOptions : IValidateOptions<DeletionOptions>
{
    public ValidateOptionsResult Validate(string? name, DeletionOptions options) =>
        options.KeepDisksFor >= TimeSpan.Zero && options.KeepDisksFor <= TimeSpan.FromDays(3650)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Deletion:KeepDisksFor must be from 00:00:00 to 3650.00:00:00: how long disks of deleted people are kept.");
}
