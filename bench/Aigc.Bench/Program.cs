using Aigc.Bench.Clusters;
using Aigc.Bench.Faults;
using Aigc.Bench.Proxying;
using Aigc.Bench.Replicas;
using Aigc.Bench.Running;
using Aigc.Bench.Working;

return args switch
{
    ["proxy", .. var rest] => await ProxyBench.RunAsync(quick: rest.Contains("--quick")),
    ["product"] => await ProductBench.RunAsync(),
    ["replicas", .. var rest] => await ReplicasBench.RunAsync(quick: rest.Contains("--quick")),
    ["faults", .. var rest] => await FaultsBench.RunAsync(rest),
    ["cluster", .. var rest] => await ClusterBench.RunAsync(rest),
    ["role", "cluster", var port] => await ClusterRole.RunAsync(port),
    ["role", "echo", var port] => await EchoEngine.RunAsync(port),
    ["worker", .. var rest] => await WorkerBench.RunAsync(awake: rest is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 500),
    ["role", "backend", var port] => await Roles.BackendAsync(port),
    ["role", "bare", var port, var backend] => await Roles.BareAsync(port, backend),
    ["role", "proxy", var port, var backend] => await Roles.ProxyAsync(port, backend),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine("proxy [--quick] | product | worker [awake] | replicas [--quick] | cluster [--wake|--many] [--engines 5000] [--awake 500] [--wakes 200] | faults [--seeds 10] [--seed 1] [--seconds 180]");
    return 2;
}
