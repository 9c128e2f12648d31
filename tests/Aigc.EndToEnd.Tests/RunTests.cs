using System.Diagnostics;
using Aigc.Testing;

namespace Aigc.EndToEnd.Tests;

/// <summary>Starting, stopping and being killed, as a whole.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Another_day_everything_is_where_it_was()
    {
        await using var product = new Product();
        await product.StartAsync();
        using var alice = await product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("demo");
        await MainJobTests.GenerateAsync(engine, "yesterday", 1);
        await product.StopAsync();
        product.AllPids().Commands().ShouldBeEmpty();

        await product.StartAsync();
        (await engine.StateAsync()).ShouldBe("Asleep", "her sign-in still holds, and nobody visits yet");
        await MainJobTests.GenerateAsync(engine, "today", 2);
        var files = await alice.CallAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}/files?path=outputs");
        files["entries"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Killing_the_host_leaves_no_process()
    {
        await using var product = new Product();
        await product.StartAsync();
        using var alice = await product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("demo");
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");

        await product.KillHostAsync();
        await Eventually.TrueAsync("nothing runs", TimeSpan.FromSeconds(15), () => product.AllPids().Count == 0,
            () => string.Join('\n', product.AllPids().Select(Processes.CommandOf)));
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_way_to_choose_another()
    {
        await using var first = new Product();
        await first.StartAsync();
        var (code, output) = await RunAsync(("AIGC_PORT", $"{first.Port}"), ("AIGC_DATA_DIR", Directory.CreateTempSubdirectory("aigc-e2e-").FullName));
        code.ShouldBe(1);
        output.ShouldContain($"{first.Port}");
        output.ShouldContain("AIGC_PORT");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named_with_the_remedy()
    {
        var (code, output) = await RunAsync(("AIGC_PORT", "0"), ("AIGC_DATA_DIR", "/proc/aigc"));
        code.ShouldBe(1);
        output.ShouldContain("/proc/aigc");
        output.ShouldContain("AIGC_DATA_DIR");
    }

    private static async Task<(int Code, string Output)> RunAsync(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.AppHost")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        return (process.ExitCode, await output + await error);
    }
}
