using Microsoft.Extensions.Options;

namespace Aigc.Disk;

/// <summary>The one disk that is served; section <c>Disk</c>.</summary>
public sealed class DiskOptions
{
    public const string Section = "Disk";

    /// <summary>Where it is mounted.</summary>
    public string Path { get; set; } = "";

    /// <summary>What its reader has to know.</summary>
    public string Key { get; set; } = "";
}

internal sealed class ValidateDiskOptions : IValidateOptions<DiskOptions>
{
    public ValidateOptionsResult Validate(string? name, DiskOptions options)
    {
        var errors = new List<string>();
        if (!Directory.Exists(options.Path))
            errors.Add($"Disk:Path must be a folder, and '{options.Path}' is none.");
        if (options.Key.Length < 32)
            errors.Add("Disk:Key must be a secret of at least 32 characters.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
