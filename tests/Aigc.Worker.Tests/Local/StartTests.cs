using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;
using static Aigc.Worker.Tests.Local.LocalMachine;

namespace Aigc.Worker.Tests.Local;

public sealed class StartTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_engine_runs_in_its_disk_and_is_started_once()
    {
        await using var machine = new LocalMachine();
        var request = Request(Shell("pwd >where; exec sleep 60"));
        var compute = await machine.Runtime.StartAsync(request, None);
        var again = await machine.Runtime.StartAsync(request with { Generation = 2 }, None);

        compute.Phase.ShouldBe(ComputePhase.Running);
        again.Uid.ShouldBe(compute.Uid);
        again.Generation.ShouldBe(1);
        compute.Address!.Host.ShouldBe("127.0.0.1");
        await Wait.UntilAsync(() => File.Exists(machine.DiskFile(request.Engine, "where")), "the engine's file");
    }

    [Fact]
    public async Task Simultaneous_starts_make_one_process()
    {
        await using var machine = new LocalMachine();
        var request = Request(Shell("echo started >>starts; exec sleep 60"));
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => machine.Runtime.StartAsync(request, None)));
        all.Select(compute => compute.Uid).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] nasty = ["it's", "a \"b\"", "$(touch /tmp/owned)", "`id`", "line\nbreak", "", "*", "{\"json\": {\"a\": 1}}", "${HOME}", "-n", "é 漢"];
        await using var machine = new LocalMachine();
        var template = Template("sh", ["-c", "printf '%s\\0' \"$@\" >args.next; mv args.next args", "sh", .. nasty]);
        var compute = await machine.Runtime.StartAsync(Request(template), None);
        await machine.ExitedAsync(compute.Engine);
        (await File.ReadAllTextAsync(machine.DiskFile(compute.Engine, "args"))).ShouldBe(string.Join('\0', nasty) + '\0');
    }

    [Fact]
    public async Task The_environment_holds_nothing_of_the_workers()
    {
        Environment.SetEnvironmentVariable("Gateway__Key", "secret-of-the-worker");
        await using var machine = new LocalMachine();
        var template = Shell("env >environment");
        template = template with { Local = template.Local! with { Environment = new Dictionary<string, string> { ["WHERE"] = "{data}:{port}" } } };
        var compute = await machine.Runtime.StartAsync(Request(template), None);
        await machine.ExitedAsync(compute.Engine);

        var lines = await File.ReadAllLinesAsync(machine.DiskFile(compute.Engine, "environment"));
        string[] allowed = ["PATH", "LANG", "TZ", "HOME", "TMPDIR", "DOTNET_ROOT", "WHERE", "AIGC_ENGINE_ID", "AIGC_ENGINE_UID", "PWD", "OLDPWD", "SHLVL", "_"];
        lines.Select(line => line.Split('=')[0]).ShouldBeSubsetOf(allowed);
        lines.ShouldContain($"WHERE={machine.Data.DiskOf(compute.Engine)}:{compute.Address!.Port}");
        lines.ShouldContain($"HOME={machine.Data.DiskOf(compute.Engine)}");
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        await using var machine = new LocalMachine();
        var request = Request(Template("no-such-program"));
        var error = await Should.ThrowAsync<EngineStartException>(machine.Runtime.StartAsync(request, None));
        error.Reason.ShouldBe(new(Reasons.CommandMissing, "no-such-program"));
        (await machine.Runtime.FindAsync(request.Engine, None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_unknown_placeholder_is_named()
    {
        await using var machine = new LocalMachine();
        var error = await Should.ThrowAsync<EngineStartException>(machine.Runtime.StartAsync(Request(Template("{venv}/python")), None));
        error.Reason.Detail!.ShouldContain("{venv}");
        machine.Options.Variables["venv"] = "/bin";
        (await machine.Runtime.StartAsync(Request(Template("{venv}/sh", "-c", "exit 3")), None)).Uid.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_a_reason_and_not_a_crash()
    {
        await using var machine = new LocalMachine();
        var engine = EngineId.New();
        Directory.CreateDirectory(machine.Data.FolderOf(engine));
        await File.WriteAllTextAsync(machine.Data.DiskOf(engine), "a file where the disk should be");
        var error = await Should.ThrowAsync<EngineStartException>(machine.Runtime.StartAsync(Request(Shell("true"), engine), None));
        error.Reason.Code.ShouldBe(Reasons.StartFailed);
    }

    [Fact]
    public async Task Engines_get_ports_of_their_own_and_a_fixed_port_is_refused_while_taken()
    {
        await using var machine = new LocalMachine();
        var first = await machine.StartAsync("exec sleep 60");
        var second = await machine.StartAsync("exec sleep 60");
        second.Address.ShouldNotBe(first.Address);

        var template = Shell("true");
        template = template with { Local = template.Local! with { Port = first.Address!.Port } };
        var error = await Should.ThrowAsync<EngineStartException>(machine.Runtime.StartAsync(Request(template), None));
        error.Reason.Detail!.ShouldContain($"{first.Address.Port}");
    }
}
