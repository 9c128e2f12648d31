using Aigc.Bench.Proxying;
using Aigc.Bench.Running;
using Aigc.Bench.Working;

return args switch
{
    ["proxy", .. var rest] => await ProxyBench.RunAsync(quick: rest.Contains("--quick")),
    ["product"] => await ProductBench.RunAsync(),
    ["worker", .. var rest] => await WorkerBench.RunAsync(awake: rest is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 500),
    ["role", "backend", var port] => await Roles.BackendAsync(port),
    ["role", "bare", var port, var backend] => await Roles.BareAsync(port, backend),
    ["role", "proxy", var port, var backend] => await Roles.ProxyAsync(port, backend),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine("proxy [--quick] | product | worker [awake]");
    return 2;
}
