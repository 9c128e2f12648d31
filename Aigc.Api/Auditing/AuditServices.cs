using Aigc.Engines.Auditing;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Auditing;

public static class AuditServices
{
    public static void AddAuditing(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<AuditOptions>, ValidateAuditOptions>();
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateOnStart();
        services.AddSingleton<Denials>();
        services.AddSingleton<DenialWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<DenialWriter>());
        services.AddHostedService<AuditUpkeep>();
        services.AddSingleton<AuditExport>();
    }
}
