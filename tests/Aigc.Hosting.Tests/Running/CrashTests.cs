using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Hosting.Tests.Running;

/// <summary>A crashed service comes back, and one that always crashes does not burn the machine.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task A_crash_is_restarted_after_a_growing_pause()
    {
        var clock = new ManualClock();
        var builder = Run.Builder();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddProject<Sample_Service>("crashing", launchProfileName: null).WithArgs("exit", "3");
        await using var run = await Run.StartAsync(builder);

        foreach (var seconds in new[] { 0.5, 1, 2 })
        {
            await Eventually.TrueAsync($"it waits {seconds} s", TimeSpan.FromSeconds(20), () => clock.Pending.Contains(TimeSpan.FromSeconds(seconds)));
            run.State("crashing").ShouldBe(KnownResourceStates.Exited);
            clock.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    public void The_pause_has_a_bound_and_is_forgiven_after_a_good_minute()
    {
        var backoff = RestartBackoff.OfService();
        Enumerable.Range(0, 9).Select(_ => backoff.After(TimeSpan.Zero).TotalSeconds).ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
        backoff.After(TimeSpan.FromMinutes(1)).TotalSeconds.ShouldBe(0.5);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named()
    {
        var builder = Run.Builder();
        builder.AddExecutable("tool", "/nowhere/tool", ".");
        await using var run = await Run.StartAsync(builder);
        await run.ReachesAsync("tool", s => KnownResourceStates.TerminalStates.Contains(s.State?.Text));
        run.Log("tool").ShouldContain("/nowhere/tool");
    }
}
