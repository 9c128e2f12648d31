using System.Reflection;
using Aspire.Hosting.Balancing;
using Aspire.Hosting.Endpoints;
using Aspire.Hosting.Logs;
using Aspire.Hosting.Page;
using Aspire.Hosting.Projects;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Running;
using Aspire.Hosting.Stores;
using Aspire.Hosting.Telemetry;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly StartTime _start = new(TimeProvider.System);
    private readonly EntryPointInterception? _interception;
    private readonly bool _page;

    private DistributedApplicationBuilder(DistributedApplicationOptions options, EntryPointInterception? interception)
    {
        _interception = interception;
        var assembly = interception?.Assembly
            ?? (options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly());
        AppHostDirectory = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "AppHostProjectPath")?.Value
            ?? Directory.GetCurrentDirectory();
        var settings = new ConfigurationManager();

        // Nobody edits appsettings.json of a running AppHost; the watchers would cost threads.
        settings["hostBuilder:reloadConfigOnChange"] = "false";
        settings.AddEnvironmentVariables("DOTNET_");
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = options.Args,
            Configuration = settings,
            ContentRootPath = AppHostDirectory,

            // A run is for development unless somebody says otherwise.
            EnvironmentName = settings["ENVIRONMENT"] ?? Environments.Development,
        });
        ExecutionContext = new(Publisher.IsAskedFor(Configuration) ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
        _page = !options.DisableDashboard && (interception is null || Configuration["Hosting:DashboardPort"] is not null);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public static IDistributedApplicationBuilder Create(DistributedApplicationOptions options)
    {
        var interception = EntryPointInterception.Current;
        var builder = new DistributedApplicationBuilder(options, interception);
        return builder;
    }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        // A test takes over here: it may still change the builder, and builds when it likes.
        _interception?.HandOver(this);
        return BuildApplication();
    }

    internal DistributedApplication BuildApplication()
    {
        var width = Resources.Where(r => r is ProjectResource or ExecutableResource or RedisResource or PostgresServerResource).Select(r => r.Name.Length).DefaultIfEmpty(0).Max();
        var console = _interception is null && ExecutionContext.IsRunMode ? ConsoleWriter.ForTerminal(width) : null;
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddSingleton(_start)
            .AddSingleton(ExecutionContext)
            .AddSingleton(new DistributedApplicationModel(Resources))
            .AddSingleton(RunOptions.From(Configuration))
            .AddSingleton(new ResourceLoggerService { Console = console })
            .AddSingleton<ResourceNotificationService>()
            .AddSingleton<ProgramPath>()
            .AddSingleton<StoreMaker>()
            .AddSingleton<StoreChooser>()
            .AddSingleton<PortAllocator>()
            .AddSingleton<ProjectOutput>()
            .AddSingleton<ProcessEnvironment>()
            .AddSingleton<ProcessCommands>()
            .AddSingleton<PublishedResources>()
            .AddSingleton<Publisher>()
            .AddSingleton<Orchestrator>()
            .AddSingleton(new ResourcePageOptions(_page))
            .AddSingleton<TraceStore>()
            .AddSingleton<MetricStore>()
            .AddSingleton<OtlpReceiver>()
            .AddSingleton<ResourcePage>()
            .AddHostedService(services => services.GetRequiredService<OtlpReceiver>())
            .AddHostedService(services => services.GetRequiredService<ResourcePage>())
            .AddHostedService<Balancers>()
            .AddHostedService(services => services.GetRequiredService<Orchestrator>())
            .AddHostedService<ReadyAnnouncer>();
        if (_interception is not null) Services.AddSingleton<IHostLifetime, NoLifetime>();
        Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        _host.Logging.AddSimpleConsole(format => format.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        return new DistributedApplication(_host.Build());
    }
}
