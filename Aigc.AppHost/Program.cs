using System.Globalization;
using Aigc.AppHost;
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

var ownIdentity = builder.ExecutionContext.IsRunMode && builder.Configuration["Identity:Authority"] is null;
builder.Configuration["Hosting:DataDirectory"] = run.DataDirectory;
builder.Configuration["Hosting:PortHint"] = "set AIGC_PORT, for example AIGC_PORT=8081";
builder.Configuration["Hosting:Stores"] = run.Stores;
builder.Configuration["Hosting:StoresName"] = "AIGC_STORES";
builder.Configuration["Hosting:StoresMove"] = "dotnet exec {program} database copy --from {from} --to {to}";
builder.Configuration["Hosting:StoresMoveProgram"] = DevelopmentRun.ProgramOf(new Aigc_Api());
foreach (var (index, line) in run.ReadyLines(ownIdentity).Index())
    builder.Configuration[string.Create(CultureInfo.InvariantCulture, $"Hosting:ReadyLines:{index}")] = line;

var postgresPassword = withLogto ? builder.AddParameter("postgres-password", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true) : null;
var postgres = builder.AddPostgres("postgres", password: postgresPassword);
var database = postgres.AddDatabase("database");
var tracker = builder.AddRedis("tracker");
var gatewayKey = builder.AddParameter("gateway-key", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true);

// Without launch profiles: the endpoints are the ones given here.
var worker = builder.AddProject<Aigc_Worker>("worker", launchProfileName: null)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(database)
    .WithReference(tracker)
    .WaitFor(database)
    .WaitFor(tracker)
    .WithReplicas(run.Replicas)
    .WithEnvironment("AIGC_DATA_DIR", run.DataDirectory)
    .WithEnvironment("Gateway__Key", gatewayKey)
    .WithEnvironment("Local__Variables__demoEngine", DevelopmentRun.ProgramOf(new Aigc_DemoEngine()));

var api = builder.AddProject<Aigc_Api>("api", launchProfileName: null)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(database)
    .WithReference(tracker)
    .WaitFor(database)
    .WaitFor(tracker)
    .WithReplicas(run.Replicas)
    .WithReference(worker)
    .WithEnvironment("AIGC_DATA_DIR", run.DataDirectory)
    .WithEnvironment("Gateway__Key", gatewayKey)
    .WithEnvironment("Gateway__PublicUrl", run.PublicUrl)
    .WithEnvironment("Gateway__EngineDomain", "localhost")
    .WithEnvironment("Templates__Folder", run.Templates);

var proxy = builder.AddProject<Aigc_Proxy>("proxy", launchProfileName: null)
    .WithHttpEndpoint(port: run.Port, isProxied: run.Replicas > 1)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(tracker)
    .WithReference(api)
    .WithReplicas(run.Replicas)
    .WithEnvironment("Gateway__Key", gatewayKey)
    .WithEnvironment("Gateway__PublicUrl", run.PublicUrl)
    .WithEnvironment("Gateway__EngineDomain", "localhost")
    .WaitFor(tracker)
    .WaitFor(api)
    .WaitFor(worker);

if (postgresPassword is not null) builder.AddLogto(postgres, postgresPassword);
if (ownIdentity)
{
    var authority = $"{run.PublicUrl}/identity";
    var clientSecret = builder.AddParameter("identity-client-secret", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true);
    var identity = builder.AddProject<Aigc_DevIdentity>("identity", launchProfileName: null)
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health")
        .WithEnvironment("AIGC_DATA_DIR", run.DataDirectory)
        .WithEnvironment("DevIdentity__Issuer", authority)
        .WithEnvironment("DevIdentity__ClientId", "aigc")
        .WithEnvironment("DevIdentity__ClientSecret", clientSecret);
    var metadata = ReferenceExpression.Create($"{identity.GetEndpoint("http")}/identity/.well-known/openid-configuration");
    api.WithEnvironment("Identity__Authority", authority)
        .WithEnvironment("Identity__MetadataAddress", metadata)
        .WithEnvironment("Identity__ClientId", "aigc")
        .WithEnvironment("Identity__ClientSecret", clientSecret);
    proxy.WithReference(identity).WaitFor(identity);
}
else
{
    api.WithConfiguredIdentity();
}

builder.Build().Run();
return Environment.ExitCode;
