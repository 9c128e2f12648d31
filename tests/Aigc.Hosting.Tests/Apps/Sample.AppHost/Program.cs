using Microsoft.Extensions.Configuration;
using Projects;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddProject<Sample_Service>("service", launchProfileName: null)
    .WithHttpEndpoint(builder.Configuration.GetValue<int>("Port"), isProxied: false)
    .WithHttpHealthCheck("/health");
builder.AddExecutable("sleeper", "sleep", ".", "1000");
if (builder.Configuration.GetValue<bool>("WithStores"))
{
    builder.AddRedis("tracker");
    builder.AddPostgres("postgres").AddDatabase("database");
}

// Neither reads its input nor ends when asked.
builder.AddExecutable("stubborn", "sh", ".", "-c", "trap '' TERM; sleep 1000 & wait; wait");
builder.Build().Run();
return Environment.ExitCode;
