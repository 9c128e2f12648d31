using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Local;

public static class LocalRuntimeExtensions
{
    public static IHostApplicationBuilder AddLocalRuntime(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LocalOptions>()
            .Bind(builder.Configuration.GetSection(LocalOptions.Section))
            .Configure(options => options.DataFolder = builder.Configuration[LocalOptions.DataFolderKey] ?? options.DataFolder)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LocalOptions>, ValidateLocalOptions>();
        builder.Services.AddSingleton<DataFolder>();
        builder.Services.AddSingleton<IEngineFiles, LocalEngineFiles>();
        builder.Services.AddSingleton<TermFolder>();
        builder.Services.AddSingleton<IEngineLogs, LocalEngineLogs>();
        builder.Services.AddScoped<IEngineRuntime, LocalEngineRuntime>();
        return builder;
    }
}
