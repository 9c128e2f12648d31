using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aigc.Engines.Gateway;

public static class GatewayRegistration
{
    /// <summary><see cref="GatewayOptions"/> from the section <c>Gateway</c>, checked at start.</summary>
    public static IServiceCollection AddGatewayOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<GatewayOptions>, ValidateGatewayOptions>();
        services.AddOptions<GatewayOptions>().Configure(options => Read(configuration.GetSection(GatewayOptions.Section), options)).ValidateOnStart();
        return services;
    }

    /// <summary><see cref="StudioOptions"/> from the section <c>Studio</c>, checked at start.</summary>
    public static IServiceCollection AddStudioOptions(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(StudioOptions.Section);
        services.AddSingleton<IValidateOptions<StudioOptions>, ValidateStudioOptions>();
        services.AddOptions<StudioOptions>().Configure(options =>
        {
            options.TimeZone = section["TimeZone"] ?? options.TimeZone;
            options.Currency = section["Currency"] ?? options.Currency;
            if (section["PreWakeGpuHours"] is { } hours)
                options.PreWakeGpuHours = double.TryParse(hours, CultureInfo.InvariantCulture, out var read) ? read : double.NaN;
        }).ValidateOnStart();
        return services;
    }

    private static void Read(IConfigurationSection section, GatewayOptions options)
    {
        if (Uri.TryCreate(section["PublicUrl"], UriKind.Absolute, out var publicUrl))
            options.PublicUrl = publicUrl;
        options.EngineDomain = section["EngineDomain"] ?? options.EngineDomain;
        options.Key = section["Key"] ?? options.Key;
    }
}
