using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Probes;

/// <summary>What an operator adds to busy probes; section <c>Probes</c>.</summary>
public sealed class ProbeOptions
{
    public const string Section = "Probes";

    /// <summary><c>Probes:Variables:comfyToken</c> fills in <c>{comfyToken}</c> in the headers of busy probes.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Where the text of all DCGM exporters is, for templates that do not say; such as <c>http://prometheus:9090/federate?match[]=DCGM_FI_DEV_GPU_UTIL</c>.</summary>
    public Uri? DcgmUrl { get; set; }
}

public sealed class ValidateProbeOptions : IValidateOptions<ProbeOptions>
{
    public ValidateOptionsResult Validate(string? name, ProbeOptions options)
    {
        var errors = options.Variables.Keys.Where(variable => !Placeholders.IsName(variable))
            .Select(variable => $"Probes:Variables:{variable} must be named with letters and digits alone, and not port, data or cache.").ToList();
        if (options.DcgmUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            errors.Add("Probes:DcgmUrl must be an absolute http or https address, such as http://dcgm-exporter.gpu:9400/metrics.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
