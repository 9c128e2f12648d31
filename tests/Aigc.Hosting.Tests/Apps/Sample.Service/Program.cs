using System.Collections;
using System.Globalization;
using Aigc.ServiceDefaults;

// "exit {code}" ends at once; otherwise it serves, and tells its environment.
if (args is ["exit", var code]) return int.Parse(code, CultureInfo.InvariantCulture);

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value));
await app.RunAsync();
return 0;
