using Aigc.Bench.Faults;
using Aigc.Bench.Proxying;
using Aigc.Bench.Replicas;
using Aigc.Bench.Running;

return args switch
{
    ["proxy", .. var rest] => await ProxyBench.RunAsync(quick: rest.Contains("--quick")),
    ["product"] => await ProductBench.RunAsync(),
    ["replicas", .. var rest] => await ReplicasBench.RunAsync(quick: rest.Contains("--quick")),
    ["faults", .. var rest] => await FaultsBench.RunAsync(rest),
    ["role", "echo", var port] => await EchoEngine.RunAsync(port),
    ["role", "backend", var port] => await Roles.BackendAsync(port),
    ["role", "bare", var port, var backend] => await Roles.BareAsync(port, backend),
    ["role", "proxy", var port, var backend] => await Roles.ProxyAsync(port, backend),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine("proxy [--quick] | product | replicas [--quick] | faults [--seeds 10] [--seed 1] [--seconds 180]");
    return 2;
}
