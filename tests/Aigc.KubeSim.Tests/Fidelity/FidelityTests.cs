using Aigc.Testing;

namespace Aigc.KubeSim.Tests.Fidelity;

/// <summary>
/// What a real API server has answered is written down beside the requests. KubeSim has to give the same answers, and so does the real one
/// that <c>KUBECONFIG</c> names. With <c>AIGC_RECORD=1</c> its answers are written down anew.
/// </summary>
public sealed class FidelityTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Aigc.KubeSim.Tests", "Fidelity");

    public static TheoryData<string, string> Scenarios
    {
        get
        {
            var scenarios = new TheoryData<string, string>();
            foreach (var file in Directory.EnumerateFiles(Folder, "*.http").Order(StringComparer.Ordinal))
            {
                foreach (var cluster in ClusterUnderTest.All)
                    scenarios.Add(Path.GetFileNameWithoutExtension(file), cluster);
            }

            return scenarios;
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Answers_are_those_of_a_real_server(string scenario, string which)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(which);
        var answers = await Transcript.PlayAsync(cluster, await File.ReadAllTextAsync(Path.Combine(Folder, $"{scenario}.http")));
        var recorded = Path.Combine(Folder, $"{scenario}.answers");
        if (which == "real" && Environment.GetEnvironmentVariable("AIGC_RECORD") == "1")
            await File.WriteAllTextAsync(recorded, answers);
        if (Environment.GetEnvironmentVariable("AIGC_ANSWERS") is { Length: > 0 } to)
            await File.WriteAllTextAsync(Path.Combine(to, $"{scenario}.{which}"), answers);
        answers.ShouldBe(await File.ReadAllTextAsync(recorded));
    }
}
