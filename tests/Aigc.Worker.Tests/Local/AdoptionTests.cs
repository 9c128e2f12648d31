using Aigc.Engines.Lifecycle;
using Aigc.Worker.Local;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Tests.Local;

public sealed class AdoptionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_second_worker_sees_stops_and_learns_the_exit_code()
    {
        await using var machine = new LocalMachine();
        var started = await machine.StartAsync("trap 'exit 5' TERM; echo $$ >ready; while :; do sleep 0.05; done");
        await machine.PidAsync(started.Engine, "ready");

        using var second = machine.NewWorker();
        var found = (await second.ListAsync(None)).Single(compute => compute.Engine == started.Engine);
        found.ShouldBe(started);
        await second.StopAsync(started.Engine, None);
        (await machine.ExitedAsync(started.Engine))!.ExitCode.ShouldBe(5);
    }

    [Fact]
    public async Task A_pid_that_now_belongs_to_another_process_is_not_the_engine()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("true");
        await machine.ExitedAsync(compute.Engine);

        // Our own pid, but another start time: what a reused pid looks like.
        var own = (await File.ReadAllTextAsync("/proc/self/stat")).TrimEnd('\n').Split(' ');
        own[21] = "1";
        await File.WriteAllTextAsync(machine.ShimFile(compute), string.Join(' ', own) + "\n");
        File.Delete(machine.ExitFile(compute));

        var found = await machine.NewWorker().FindAsync(compute.Engine, None);
        found!.Phase.ShouldBe(ComputePhase.Exited);
        found.ExitCode.ShouldBeNull();
        await machine.Runtime.KillAsync(compute.Engine, None); // Would end this very test.
    }

    [Fact]
    public async Task Nothing_outlives_a_reboot()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("true");
        await machine.ExitedAsync(compute.Engine);
        var run = machine.Data.RunOf(compute.Engine);
        run.Write(run.ReadRecord()! with { Boot = "an earlier one" });
        File.Delete(machine.ExitFile(compute));
        await File.WriteAllTextAsync(machine.ShimFile(compute), await File.ReadAllTextAsync("/proc/self/stat"));
        (await machine.Runtime.FindAsync(compute.Engine, None))!.Phase.ShouldBe(ComputePhase.Exited);
    }

    [Fact]
    public async Task Who_lists_during_a_launch_does_not_take_it_for_a_stray()
    {
        await using var machine = new LocalMachine();
        using var end = new CancellationTokenSource();
        var lists = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
                await machine.Runtime.ListAsync(CancellationToken.None);
        })).ToList();
        var started = new List<Compute>();
        for (var launch = 0; launch < 40; launch++)
            started.Add(await machine.StartAsync("sleep 60"));
        await end.CancelAsync();
        await Task.WhenAll(lists);

        foreach (var compute in started)
            (await machine.Runtime.FindAsync(compute.Engine, CancellationToken.None)).ShouldNotBeNull().Address.ShouldBe(compute.Address, "it would be starting for ever");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Uid\":")]
    public async Task Processes_whose_record_was_lost_are_found_and_can_be_ended(string record)
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("exec sleep 60");
        var run = machine.Data.RunOf(compute.Engine);
        await File.WriteAllTextAsync(Path.Combine(run.Path, "record.json"), record);
        File.Delete(machine.ShimFile(compute));

        using var second = machine.NewWorker();
        var found = (await second.ListAsync(None)).Single(stray => stray.Engine == compute.Engine);
        found.Phase.ShouldBe(ComputePhase.Running);
        found.Uid.ShouldBe(compute.Uid);
        await second.StopAsync(compute.Engine, None);
        await machine.ExitedAsync(compute.Engine);
    }

    [Fact]
    public async Task Another_gateway_on_the_same_machine_is_left_alone()
    {
        await using var machine = new LocalMachine();
        await using var other = new LocalMachine();
        var compute = await machine.StartAsync("exec sleep 60");
        (await other.Runtime.ListAsync(None)).ShouldBeEmpty();
        (await machine.Runtime.ListAsync(None)).ShouldHaveSingleItem().ShouldBe(compute);
    }

    [Fact]
    public void A_line_of_the_process_table_is_read_whatever_the_program_calls_itself()
    {
        var entry = ProcessEntry.Parse("42 (a) S 1 (b) S 7 42 41 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2");
        entry.ShouldBe(new(42, 7, 41, "98765", Ended: false));
        ProcessEntry.Parse("  42  1  41 Ss   Sat Nov 21 05:39:18 2026").ShouldBe(new(42, 1, 41, "Sat Nov 21 05:39:18 2026", Ended: false));
        ProcessEntry.Parse("garbage").ShouldBeNull();
    }
}
