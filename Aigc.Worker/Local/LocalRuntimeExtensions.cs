using Aigc.Worker.Reconciling;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Local;

public static class LocalRuntimeExtensions
{
    /// <summary>Of one machine, unless somebody knows better.</summary>
    private const int Capacity = 16;

    public static IHostApplicationBuilder AddLocalRuntime(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LocalOptions>()
            .Bind(builder.Configuration.GetSection(LocalOptions.Section))
            .Configure(options => options.DataFolder = builder.Configuration[LocalOptions.DataFolderKey] ?? options.DataFolder)
            .ValidateOnStart();
        builder.Services.PostConfigure<ReconcilingOptions>(options => options.Capacity ??= Capacity);
        builder.Services.AddSingleton<IValidateOptions<LocalOptions>, ValidateLocalOptions>();
        builder.Services.AddSingleton<DataFolder>();
        builder.Services.AddSingleton<IEngineFiles, LocalEngineFiles>();
        builder.Services.AddSingleton<IDiskSizes, LocalDiskSizes>();
        builder.Services.AddSingleton<TermFolder>();
        builder.Services.AddSingleton<IEngineLogs, LocalEngineLogs>();
        builder.Services.AddScoped<IEngineRuntime, LocalEngineRuntime>();
        return builder;
    }
}
