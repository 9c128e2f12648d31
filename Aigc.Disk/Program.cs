using Aigc.Disk;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddDisk();

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapDisk();
app.Run();
