using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Costs;

public static class CostServices
{
    public static void AddCosts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<StudioOptions>, ValidateStudioOptions>();
        services.AddOptions<StudioOptions>().BindConfiguration(StudioOptions.Section).ValidateOnStart();
        services.AddSingleton<CostReports>();
        services.AddSingleton<FocusExport>();
        services.AddSingleton<BillActions>();
    }
}
