namespace Aigc.Hosting.Tests.Waiting;

/// <summary>Nothing starts before what it needs.</summary>
public sealed class WaitTests
{
    [Fact]
    public async Task A_resource_waits_until_its_dependency_is_healthy()
    {
        var builder = Run.Builder();
        var gate = Path.Combine(Directory.CreateTempSubdirectory("aigc-hosting-").FullName, "gate");
        var needed = builder.AddProject<Sample_Service>("needed", launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health");
        var setUp = builder.AddExecutable("set-up", "sh", ".", "-c", $"until [ -e {gate} ]; do sleep 0.05; done");
        needed.WaitForCompletion(setUp);
        builder.AddExecutable("last", "sleep", ".", "1000").WaitFor(needed);

        await using var run = await Run.StartAsync(builder);
        await run.ReachesAsync("set-up", KnownResourceStates.Running);
        await run.ReachesAsync("last", KnownResourceStates.Waiting);
        await run.ReachesAsync("needed", KnownResourceStates.Waiting);

        await File.WriteAllTextAsync(gate, "");
        var order = new List<string>();
        await run.ReachesAsync("last", s =>
        {
            order.Add($"{run.State("set-up")} {run.State("needed")}");
            return s.State?.Text == KnownResourceStates.Running;
        });
        order[^1].ShouldBe("Finished Running");
    }

    [Fact]
    public async Task A_set_up_step_that_failed_stops_those_that_need_it()
    {
        var builder = Run.Builder();
        var setUp = builder.AddExecutable("set-up", "sh", ".", "-c", "exit 4");
        builder.AddExecutable("last", "sleep", ".", "1000").WaitForCompletion(setUp);

        await using var run = await Run.StartAsync(builder);
        await run.ReachesAsync("last", KnownResourceStates.FailedToStart);
        run.Log("last").ShouldContain("'set-up' ended with exit code 4");
    }

    [Fact]
    public async Task Resources_that_wait_for_each_other_are_named()
    {
        var builder = Run.Builder();
        var one = builder.AddExecutable("one", "sleep", ".", "1");
        var two = builder.AddExecutable("two", "sleep", ".", "1").WaitFor(one);
        one.WaitFor(two);
        var app = builder.Build();
        (await Should.ThrowAsync<DistributedApplicationException>(() => app.StartAsync())).Message.ShouldContain("one → two → one");
    }

    [Fact]
    public async Task An_explicit_start_waits_to_be_asked()
    {
        var builder = Run.Builder();
        builder.AddExecutable("tool", "sleep", ".", "1000").WithExplicitStart();
        builder.AddExecutable("other", "sleep", ".", "1000");
        await using var run = await Run.StartAsync(builder);
        await run.ReachesAsync("other", KnownResourceStates.Running);
        run.State("tool").ShouldBe(KnownResourceStates.NotStarted);

        run.Restart("tool").ShouldBeTrue();
        await run.ReachesAsync("tool", KnownResourceStates.Running);
    }
}
