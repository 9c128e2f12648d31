namespace Aigc.Api.Engines;

public static class EngineServices
{
    public static void AddEngines(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EngineActions>();
        builder.Services.AddSingleton<EnginePresenter>();
    }
}
