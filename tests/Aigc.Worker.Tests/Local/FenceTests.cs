using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Local;
using Aigc.Worker.Runtimes;
using static Aigc.Worker.Tests.Local.LocalMachine;

namespace Aigc.Worker.Tests.Local;

/// <summary>Two workers on one engine would start it twice on one disk, or end what its owner is working with.</summary>
public sealed class FenceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_an_earlier_term_asks_for_is_refused()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("exec sleep 60");
        using var second = machine.NewWorker(term: 2);
        await second.BeginTermAsync(None);

        var asleep = Request(Shell("exec sleep 60"));
        await Should.ThrowAsync<NotLeadingException>(() => machine.Runtime.BeginTermAsync(None));
        await Should.ThrowAsync<NotLeadingException>(machine.Runtime.StartAsync(asleep, None));
        await Should.ThrowAsync<NotLeadingException>(() => machine.Runtime.StopAsync(compute.Engine, None));
        await Should.ThrowAsync<NotLeadingException>(machine.Runtime.KillAsync(compute.Engine, None));
        await Should.ThrowAsync<NotLeadingException>(() => machine.Runtime.ReleaseAsync(compute.Engine, None));
        await Should.ThrowAsync<NotLeadingException>(machine.Runtime.RemoveAsync(compute.Engine, keepDisk: false, None));

        (await second.FindAsync(compute.Engine, None)).ShouldBe(compute);
        (await second.FindAsync(asleep.Engine, None)).ShouldBeNull();
    }

    [Fact]
    public async Task Terms_only_go_forward_whoever_begins_last()
    {
        await using var machine = new LocalMachine();
        var terms = new TermFolder(machine.Data);
        terms.Begin(new(5));
        var error = Should.Throw<NotLeadingException>(() => terms.Begin(new(4)));
        error.Newest.ShouldBe(5);
        terms.Begin(new(5));
        terms.Require(new(5));
        machine.Data.Engines().ShouldBeEmpty();
        terms.Begin(new(6));
        Should.Throw<NotLeadingException>(() => terms.Require(new(5)));
        Directory.GetFiles(machine.Data.Terms).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_worker_that_ended_before_it_forked_leaves_an_engine_that_starts()
    {
        await using var machine = new LocalMachine();
        var engine = EngineId.New();
        Begin(machine, engine, "never-forked");

        using var second = machine.NewWorker(term: 2);
        await second.BeginTermAsync(None);
        (await second.FindAsync(engine, None)).ShouldBeNull();
        (await second.StartAsync(Request(Shell("exec sleep 60"), engine), None)).Phase.ShouldBe(ComputePhase.Running);
    }

    [Fact]
    public async Task A_worker_that_ended_after_it_forked_leaves_an_engine_that_is_adopted()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("echo started >>starts; exec sleep 60");
        // As if the next worker came between the fork and the shim's first word, and again after it.
        var word = await File.ReadAllTextAsync(machine.ShimFile(compute));
        await File.WriteAllTextAsync(machine.ShimFile(compute), "");
        using var second = machine.NewWorker(term: 2);
        await second.BeginTermAsync(None);
        (await second.FindAsync(compute.Engine, None))!.Uid.ShouldBe(compute.Uid);
        await File.WriteAllTextAsync(machine.ShimFile(compute), word);
        (await second.StartAsync(Request(Shell("echo twice >>starts"), compute.Engine), None)).ShouldBe(compute);
        (await File.ReadAllLinesAsync(machine.DiskFile(compute.Engine, "starts"))).ShouldBe(["started"]);
    }

    [Fact]
    public async Task A_shim_whose_launch_was_called_off_runs_nothing()
    {
        await using var machine = new LocalMachine();
        var engine = EngineId.New();
        var (run, late) = Begin(machine, engine, "late");
        run.TryCallOff(late).ShouldBeTrue();

        // The paused worker goes on and forks.
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" };
        await Should.ThrowAsync<EngineStartException>(Shim.LaunchAsync(
            run, late, "/bin/touch", [machine.DiskFile(engine, "ran")], environment, machine.Data.DiskOf(engine), Wait.Bound, TimeProvider.System, None));
        File.Exists(machine.DiskFile(engine, "ran")).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_two_that_start_at_once_one_is_on_record()
    {
        await using var machine = new LocalMachine();
        var engine = EngineId.New();
        var (run, _) = Begin(machine, engine, "first");
        run.TryBegin(new("second", 2, 4242, TimeProvider.System.GetUtcNow(), Machine.Boot)).ShouldBeFalse();
        run.ReadRecord()!.Uid.ShouldBe("first");
    }

    private static (RunFolder Run, RunRecord Record) Begin(LocalMachine machine, EngineId engine, string uid)
    {
        Directory.CreateDirectory(machine.Data.DiskOf(engine));
        var run = machine.Data.RunOf(engine);
        var record = new RunRecord(uid, 1, 4242, TimeProvider.System.GetUtcNow(), Machine.Boot, TimeProvider.System.GetTimestamp());
        run.TryBegin(record).ShouldBeTrue();
        return (run, record);
    }
}
