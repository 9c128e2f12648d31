namespace Aigc.Hosting.Tests.Running;

/// <summary>However the AppHost ends, no process is left behind.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task A_killed_AppHost_takes_everything_with_it()
    {
        await using var host = await HostProcess.StartAsync();
        await host.EndAsync("KILL");
        await host.NothingRunsAsync(TimeSpan.FromSeconds(12));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task An_orderly_end_leaves_nothing(string signal)
    {
        await using var host = await HostProcess.StartAsync(new() { ["Hosting__StopTimeout"] = "00:00:02" });
        await host.EndAsync(signal);
        host.Pids.Commands().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_does_not_end_when_asked_is_killed()
    {
        var builder = Run.Builder("--Hosting:StopTimeout=00:00:02");
        var stubborn = builder.AddExecutable("stubborn", "sh", ".", "-c", "trap '' TERM; while :; do sleep 0.1; done");
        builder.AddExecutable("other", "sleep", ".", "1000").WaitFor(stubborn);
        var run = await Run.StartAsync(builder);
        await run.ReachesAsync("other", KnownResourceStates.Running);
        int[] pids = [run.Pid("stubborn"), run.Pid("other")];

        await run.DisposeAsync();
        pids.Where(Run.Exists).Commands().ShouldBeEmpty();
    }
}
