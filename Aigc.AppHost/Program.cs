using System.Globalization;
using Aigc.AppHost;
using Aigc.AppHost.Deployment;
using Microsoft.Extensions.Configuration;
using Projects;

var builder = DistributedApplication.CreateBuilder(args);

DevelopmentRun run;
bool withLogto;
try
{
    run = DevelopmentRun.From(builder);
    withLogto = Logto.IsAskedFor(builder.Configuration);
}
catch (Exception e) when (e is IOException or FormatException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

var published = builder.ExecutionContext.IsPublishMode;
var ownIdentity = builder.ExecutionContext.IsRunMode && builder.Configuration["Identity:Authority"] is null;
builder.Configuration["Hosting:DataDirectory"] = run.DataDirectory;
builder.Configuration["Hosting:PortHint"] = "set AIGC_PORT, for example AIGC_PORT=8081";
builder.Configuration["Hosting:Stores"] = run.Stores;
builder.Configuration["Hosting:StoresName"] = "AIGC_STORES";
builder.Configuration["Hosting:StoresMove"] = "dotnet exec {program} database copy --from {from} --to {to}";
builder.Configuration["Hosting:StoresMoveProgram"] = DevelopmentRun.ProgramOf(new Aigc_Api());
foreach (var (index, line) in run.ReadyLines(ownIdentity).Index())
    builder.Configuration[string.Create(CultureInfo.InvariantCulture, $"Hosting:ReadyLines:{index}")] = line;

var postgresPassword = withLogto || published ? builder.AddParameter("postgres-password", Generated(), secret: true) : null;
var trackerPassword = published ? builder.AddParameter("tracker-password", Generated(), secret: true) : null;
var postgres = builder.AddPostgres("postgres", password: postgresPassword);
var database = postgres.AddDatabase("database");
var tracker = builder.AddRedis("tracker", password: trackerPassword);
var gatewayKey = builder.AddParameter("gateway-key", Generated(), secret: true);
var settings = Settings.Of(builder, run);

// Without launch profiles: the endpoints are the ones given here.
var worker = builder.AddProject<Aigc_Worker>("worker", launchProfileName: null)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(database)
    .WithReference(tracker)
    .WaitFor(database)
    .WaitFor(tracker)
    .WithReplicas(run.Replicas)
    .WithEnvironment("Gateway__Key", gatewayKey)
    .AsWorkerPods();

var api = builder.AddProject<Aigc_Api>("api", launchProfileName: null)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(database)
    .WithReference(tracker)
    .WaitFor(database)
    .WaitFor(tracker)
    .WithReplicas(run.Replicas)
    .WithReference(worker)
    .WithEnvironment("Gateway__Key", gatewayKey)
    .WithEnvironment("Gateway__PublicUrl", settings.PublicUrl)
    .WithEnvironment("Gateway__EngineDomain", settings.EngineDomain)
    .AsApiPods();

var proxy = builder.AddProject<Aigc_Proxy>("proxy", launchProfileName: null)
    .WithHttpEndpoint(port: published ? null : run.Port, isProxied: published || run.Replicas > 1)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(tracker)
    .WithReference(api)
    .WithReplicas(run.Replicas)
    .WithEnvironment("Gateway__Key", gatewayKey)
    .WithEnvironment("Gateway__PublicUrl", settings.PublicUrl)
    .WithEnvironment("Gateway__EngineDomain", settings.EngineDomain)
    .WaitFor(tracker)
    .WaitFor(api)
    .WaitFor(worker)
    .AsProxyPods();

if (published)
{
    builder.AddCluster();
    postgres.AsPods();
    tracker.AsPods();
    worker.RunEnginesInCluster();
}
else
{
    worker.RunHere(run);
    worker.WithEnvironment("Local__Variables__demoEngine", DevelopmentRun.ProgramOf(new Aigc_DemoEngine()));
    api.RunHere(run);
    api.WithEnvironment("Templates__Folder", run.Templates);
}

if (withLogto) builder.AddLogto(postgres, postgresPassword!);
if (ownIdentity)
{
    var authority = $"{run.PublicUrl}/identity";
    var clientSecret = builder.AddParameter("identity-client-secret", Generated(), secret: true);
    var identity = builder.AddProject<Aigc_DevIdentity>("identity", launchProfileName: null)
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health")
        .WithEnvironment("DevIdentity__Issuer", authority)
        .WithEnvironment("DevIdentity__ClientId", "aigc")
        .WithEnvironment("DevIdentity__ClientSecret", clientSecret);
    identity.RunHere(run);
    var metadata = ReferenceExpression.Create($"{identity.GetEndpoint("http")}/identity/.well-known/openid-configuration");
    api.WithEnvironment("Identity__Authority", authority)
        .WithEnvironment("Identity__MetadataAddress", metadata)
        .WithEnvironment("Identity__ClientId", "aigc")
        .WithEnvironment("Identity__ClientSecret", clientSecret);
    proxy.WithReference(identity).WaitFor(identity);
}
else if (builder.Configuration["Identity:Authority"] is not null)
{
    api.WithConfiguredIdentity();
}
else
{
    api.AskForIdentity();
}

builder.Build().Run();
return Environment.ExitCode;

static GenerateParameterDefault Generated() => new() { MinLength = 43, Special = false };
