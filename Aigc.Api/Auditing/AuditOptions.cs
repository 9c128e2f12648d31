using Microsoft.Extensions.Options;

namespace Aigc.Api.Auditing;

/// <summary>Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>How long entries of the audit log are kept.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);
}

public sealed class ValidateAuditOptions : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options) =>
        options.Retention >= TimeSpan.FromDays(1)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Audit:Retention must be at least one day, such as 400.00:00:00.");
}
