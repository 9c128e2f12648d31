using Aigc.Bench.Proxying;
using Aigc.Bench.Running;

return args switch
{
    ["proxy", .. var rest] => await ProxyBench.RunAsync(quick: rest.Contains("--quick")),
    ["product"] => await ProductBench.RunAsync(),
    ["role", "backend", var port] => await Roles.BackendAsync(port),
    ["role", "bare", var port, var backend] => await Roles.BareAsync(port, backend),
    ["role", "proxy", var port, var backend] => await Roles.ProxyAsync(port, backend),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine("proxy [--quick] | product");
    return 2;
}
