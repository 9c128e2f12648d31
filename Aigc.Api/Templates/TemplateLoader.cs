using Aigc.Engines.Auditing;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Api.Templates;

/// <summary>Offers the files of the folder <c>Templates:Folder</c> at start. Templates that were PUT stay.</summary>
public sealed partial class TemplateLoader(
    IConfiguration configuration, PodAllowance allowance, TemplateStore templates, TemplateProblems problems, ILogger<TemplateLoader> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["Templates:Folder"] is not { Length: > 0 } path)
            return;
        var folder = TemplateFolder.Read(path, allowance);
        var errors = folder.Errors.ToList();
        foreach (var file in folder.Files)
        {
            if (await templates.SaveAsync(file.Template!, file.Source, Actor.Gateway, cancellationToken) == SaveTemplateResult.VersionInUse)
                errors.Add(new(file.File, 1, 1, "version", TemplateProblems.VersionInUse(file.Template!)));
        }

        problems.All = errors;
        foreach (var error in errors)
            Log.Wrong(logger, error);
        Log.Loaded(logger, folder.Files.Count, path, errors.Count);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Template not offered: {Error}")]
        public static partial void Wrong(ILogger logger, TemplateError error);

        [LoggerMessage(2, LogLevel.Information, "Read {Count} templates from {Folder}, with {Errors} errors.")]
        public static partial void Loaded(ILogger logger, int count, string folder, int errors);
    }
}
