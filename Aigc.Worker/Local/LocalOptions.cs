using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Local;

/// <summary>Engines as processes of this machine; section <c>Local</c>.</summary>
public sealed class LocalOptions
{
    public const string Section = "Local";

    /// <summary>The configuration key, usually an environment variable, of <see cref="DataFolder"/>.</summary>
    public const string DataFolderKey = "AIGC_DATA_DIR";

    /// <summary>Where disks and run files live; absolute.</summary>
    public string DataFolder { get; set; } = "";

    /// <summary>What an operator adds to the placeholders of templates: <c>Local:Variables:venv</c> fills in <c>{venv}</c>.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>How soon the end of a process is noticed.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the shim of an engine may take to come up; milliseconds on a machine that is well.</summary>
    public TimeSpan LaunchTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a kill is repeated before it is reported as failed; a process can be stuck in the kernel.</summary>
    public TimeSpan KillTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

public sealed class ValidateLocalOptions : IValidateOptions<LocalOptions>
{
    public ValidateOptionsResult Validate(string? name, LocalOptions options)
    {
        var errors = new List<string>();
        if (!Path.IsPathFullyQualified(options.DataFolder))
            errors.Add($"{LocalOptions.DataFolderKey} must be the absolute path of a folder for engines and their disks.");
        foreach (var (key, value) in new[]
                 {
                     (nameof(options.WatchInterval), options.WatchInterval),
                     (nameof(options.LaunchTimeout), options.LaunchTimeout),
                     (nameof(options.KillTimeout), options.KillTimeout),
                 })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(5))
                errors.Add($"Local:{key} must be more than zero and at most 00:05:00.");
        }

        errors.AddRange(options.Variables.Keys.Where(variable => !Placeholders.IsName(variable))
            .Select(variable => $"Local:Variables:{variable} must be named with letters and digits alone, and not port, data or cache."));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
