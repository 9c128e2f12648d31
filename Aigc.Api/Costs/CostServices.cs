namespace Aigc.Api.Costs;

public static class CostServices
{
    public static void AddCosts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CostReports>();
        services.AddSingleton<FocusExport>();
        services.AddSingleton<BillActions>();
    }
}
