using Aigc.Engines.Lifecycle;
using Aigc.Worker.Local;
using Aigc.Worker.Runtimes;
using static Aigc.Worker.Tests.Local.LocalMachine;

namespace Aigc.Worker.Tests.Local;

public sealed class EndTests
{
    private const string Daemon = """
        setsid sh -c 'trap "" TERM; echo $$ >daemon; while :; do sleep 1; done' &
        echo $$ >main
        exec sleep 60
        """;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_exit_code_and_the_last_lines_are_kept_until_released()
    {
        await using var machine = new LocalMachine();
        var started = await machine.StartAsync("echo one; echo two >&2; echo three; exit 7");
        var ended = await machine.ExitedAsync(started.Engine);
        ended!.ExitCode.ShouldBe(7);
        ended.Uid.ShouldBe(started.Uid);
        ended.EndedAt!.Value.ShouldBeInRange(started.StartedAt, started.StartedAt + Wait.Bound);
        (await new LocalEngineLogs(machine.Data).ReadTailAsync(started.Engine, 2, None)).ShouldBe("two\nthree");

        await machine.Runtime.ReleaseAsync(started.Engine, None);
        (await machine.Runtime.FindAsync(started.Engine, None)).ShouldBeNull();
        var next = await machine.Runtime.StartAsync(Request(Shell("true"), started.Engine, 2), None);
        next.Uid.ShouldNotBe(started.Uid);
    }

    [Fact]
    public async Task A_polite_stop_lets_the_program_finish()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("trap 'echo saved >saved; exit 0' TERM; echo $$ >ready; while :; do sleep 0.05; done");
        await machine.PidAsync(compute.Engine, "ready");
        await machine.Runtime.StopAsync(compute.Engine, None);
        await machine.Runtime.StopAsync(compute.Engine, None);
        var ended = await machine.ExitedAsync(compute.Engine);
        ended!.ExitCode.ShouldBe(0);
        File.Exists(machine.DiskFile(compute.Engine, "saved")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_program_that_ignores_the_stop_is_stopping_until_killed()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("trap '' TERM; echo $$ >ready; while :; do sleep 0.05; done");
        await machine.PidAsync(compute.Engine, "ready");
        await machine.Runtime.StopAsync(compute.Engine, None);
        var stopping = await machine.Runtime.FindAsync(compute.Engine, None);
        stopping!.Phase.ShouldBe(ComputePhase.Stopping);
        stopping.PhaseSince.ShouldBeGreaterThanOrEqualTo(compute.StartedAt);
        await Should.ThrowAsync<InvalidOperationException>(() => machine.Runtime.ReleaseAsync(compute.Engine, None));

        await machine.Runtime.KillAsync(compute.Engine, None);
        var ended = await machine.Runtime.FindAsync(compute.Engine, None);
        ended!.Phase.ShouldBe(ComputePhase.Exited);
        ended.ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task A_daemon_that_left_the_session_and_ignores_the_stop_counts_and_is_killed()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync(Daemon);
        var daemon = await machine.PidAsync(compute.Engine, "daemon");
        var main = await machine.PidAsync(compute.Engine, "main");
        await machine.Runtime.StopAsync(compute.Engine, None);
        await Wait.UntilAsync(() => !Machine.Exists(main), "the end of the program");

        Machine.Exists(daemon).ShouldBeTrue();
        (await machine.Runtime.FindAsync(compute.Engine, None))!.Phase.ShouldBe(ComputePhase.Stopping);
        await machine.Runtime.KillAsync(compute.Engine, None);
        (await machine.Runtime.FindAsync(compute.Engine, None))!.Phase.ShouldBe(ComputePhase.Exited);
        await Wait.UntilAsync(() => !Machine.Exists(daemon), "the end of the daemon");
    }

    [Fact]
    public async Task An_end_is_noticed_without_asking()
    {
        await using var machine = new LocalMachine();
        using var bound = new CancellationTokenSource(Wait.Bound, TimeProvider.System);
        await using var watch = machine.Runtime.WatchAsync(bound.Token).GetAsyncEnumerator(bound.Token);
        var next = watch.MoveNextAsync();
        var compute = await machine.StartAsync("while [ ! -e go ]; do sleep 0.02; done");
        next.IsCompleted.ShouldBeFalse();
        await File.WriteAllTextAsync(machine.DiskFile(compute.Engine, "go"), "");
        (await next).ShouldBeTrue();
        watch.Current.ShouldBe(compute.Engine);
    }

    [Fact]
    public async Task The_end_of_the_last_daemon_is_noticed_too()
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync(Daemon);
        var daemon = await machine.PidAsync(compute.Engine, "daemon");
        Machine.Signal(await machine.PidAsync(compute.Engine, "main"), Machine.Kill);
        using var bound = new CancellationTokenSource(Wait.Bound, TimeProvider.System);
        await foreach (var engine in machine.Runtime.WatchAsync(bound.Token))
        {
            engine.ShouldBe(compute.Engine);
            if ((await machine.Runtime.FindAsync(engine, None))!.Phase == ComputePhase.Exited)
                break;
            Machine.Signal(daemon, Machine.Kill);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Removing_takes_the_disk_only_when_told_to(bool keepDisk)
    {
        await using var machine = new LocalMachine();
        var compute = await machine.StartAsync("echo picture >work");
        await machine.ExitedAsync(compute.Engine);
        await machine.Runtime.RemoveAsync(compute.Engine, keepDisk, None);
        await machine.Runtime.RemoveAsync(compute.Engine, keepDisk, None);
        File.Exists(machine.DiskFile(compute.Engine, "work")).ShouldBe(keepDisk);
        (await machine.Runtime.FindAsync(compute.Engine, None)).ShouldBeNull();
    }
}
