using System.Globalization;
using System.Security.Cryptography;
using Aigc.Testing.Faults;
using Xunit.Abstractions;

namespace Aigc.Faults.Tests;

/// <summary>Everything dies in turn while people work. <c>AIGC_FAULT_SEED</c> repeats a run, <c>AIGC_FAULT_SECONDS</c> makes it longer.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_left_over()
    {
        var seed = Setting("AIGC_FAULT_SEED") ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var length = TimeSpan.FromSeconds(Setting("AIGC_FAULT_SECONDS") ?? 60);
        Log($"seed {seed}");
        var report = await new FaultRun(new(seed, length, Stores: Environment.GetEnvironmentVariable("AIGC_STORES") ?? "servers"), Log).RunAsync();
        Log(report.Summary);
        report.Failures.ShouldBeEmpty($"with AIGC_FAULT_SEED={seed}");
    }

    private void Log(string line)
    {
        line = string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.f} {line}");
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
