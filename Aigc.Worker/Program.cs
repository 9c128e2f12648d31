using Aigc.ServiceDefaults;
using Aigc.Worker;
using Aigc.Worker.Disks;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddWorker();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDisks();
app.RunService();
