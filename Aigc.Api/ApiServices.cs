using System.Text.Json.Serialization;
using Aigc.Api.Access;
using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Api.Files;
using Aigc.Api.Internal;
using Aigc.Api.Limits;
using Aigc.Api.Live;
using Aigc.Api.People;
using Aigc.Api.Pools;
using Aigc.Api.Rules;
using Aigc.Api.Templates;
using Aigc.Api.Tokens;
using Aigc.Engines.Gateway;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.ServiceDefaults.Limits;
using Microsoft.Extensions.Options;

namespace Aigc.Api;

public static class ApiServices
{
    /// <summary>The gateway's settings, its database and the session tracker.</summary>
    public static void AddGateway(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<GatewayOptions>, ValidateGatewayOptions>();
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        services.AddStudioOptions(builder.Configuration);
        services.AddLimits();
        services.AddSingleton<PersonLimits>();
        services.AddSingleton(provider => new AwakeLimit(
            provider.GetRequiredService<IOptions<LimitsOptions>>().Value.AwakePerPerson, provider.GetRequiredService<IOptions<StudioOptions>>().Value.Zone));
        services.AddEngineDatabase();
        services.AddSessionTracker();
        services.AddHealthChecks().AddCheck<TrackerHealth>("tracker");
        services.AddSingleton<ApiMetrics>();
        services.AddSingleton<CodeDesk>();
        // First of the hosted services: the others read the schema it makes.
        services.AddHostedService<DatabaseMigration>();
        services.AddSingleton(PodAllowance.From(builder.Configuration));
        services.AddSingleton<TemplateProblems>();
        services.AddHostedService<TemplateLoader>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
    }

    public static void AddEngines(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<EngineActions>();
        services.AddSingleton<AccessActions>();
        services.AddSingleton<EngineLists>();
        services.AddSingleton<TokenActions>();
        services.AddSingleton<EnginePresenter>();
        services.AddSingleton<IdlePolicies>();
        services.AddSingleton<Habits>();
        services.AddSingleton<RoomPlaces>();
        services.AddSingleton<EngineEvents>();
        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
    }

    public static void AddPeople(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<DeletionOptions>, ValidateDeletionOptions>();
        services.AddOptions<DeletionOptions>().BindConfiguration(DeletionOptions.Section).ValidateOnStart();
        services.AddSingleton<PeopleActions>();
        services.AddSingleton(IdleRules.Form);
        services.AddSingleton<RuleActions>();
        services.AddSingleton<PoolActions>();
        services.AddSingleton(QuotaRules.Form);
        services.AddSingleton(Shares.Form);
        services.AddSingleton<EndedCredentials>();
        services.AddHostedService(provider => provider.GetRequiredService<EndedCredentials>());
    }

    public static void AddFiles(this IHostApplicationBuilder builder) =>
        builder.Services.AddHttpClient<WorkerFiles>(client =>
        {
            client.BaseAddress = new("http://worker");
            client.Timeout = Timeout.InfiniteTimeSpan;
        });

    /// <summary>The REST API: signed-in callers only, described by OpenAPI, guarded against other sites.</summary>
    public static RouteGroupBuilder MapApi(this WebApplication app) =>
        app.MapGroup("/api/v1").RequireAuthorization()
            .AddEndpointFilter<CallLimit>().AddEndpointFilter<AntiforgeryFilter>().AddEndpointFilter<ScopeFilter>().WithGroupName("v1");

    private sealed class DatabaseMigration(Database database) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => database.MigrateAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
