using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Microsoft.Extensions.Options;

namespace Aigc.Cluster.Tests.Simulated;

/// <summary>A worker that can't get at its cluster from the start says what is wrong and where, and so does each engine that waits for it.</summary>
public sealed class CredentialTests : SimulatedTest
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "authority", Reasons.ClusterAway, "certificate" },
        { "server", Reasons.ClusterAway, "https://127.0.0.1:1/" },
        { "token", Reasons.ClusterForbids, "does not accept the gateway's credentials" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_kubeconfig_that_does_not_fit_is_told_by_worker_and_engines_and_once_it_does_they_start(string what, string reason, string words)
    {
        var right = await File.ReadAllTextAsync(Worker.Kubeconfig);
        var awake = await Worker.EngineAsync(TestTemplates.Files("awake"));
        var asleep = await Worker.EngineAsync(TestTemplates.Files("asleep"));
        var before = await Worker.WakeAsync(awake);
        await Worker.EndAsync();
        var wrong = JsonNode.Parse(right)!;
        var (field, value) = what switch
        {
            "authority" => (wrong["clusters"]![0]!["cluster"]!["certificate-authority-data"]!, StrangersAuthority()),
            "server" => (wrong["clusters"]![0]!["cluster"]!["server"]!, "https://127.0.0.1:1/"),
            _ => (wrong["users"]![0]!["user"]!["token"]!, "expired"),
        };
        field.ReplaceWith(value);
        await File.WriteAllTextAsync(Worker.Kubeconfig, wrong.ToJsonString());
        await Worker.BeginAsync();
        await Worker.AskWakeAsync(asleep);
        var waiting = await PassUntilAsync(asleep, EngineState.Queued, reason);
        waiting.Reason.Detail!.ShouldContain(words);
        Worker.Log.Lines.ShouldContain(line => line.Contains(what == "token" ? "401" : words, StringComparison.Ordinal));
        (await NowAsync(awake)).ShouldSatisfyAllConditions(now => now.State.ShouldBe(EngineState.Ready), now => now.RuntimeUid.ShouldBe(before.RuntimeUid));

        await Worker.EndAsync();
        await File.WriteAllTextAsync(Worker.Kubeconfig, right);
        await Worker.BeginAsync();
        await PassUntilAsync(asleep, EngineState.Ready);
        (await NowAsync(awake)).RuntimeUid.ShouldBe(before.RuntimeUid);
    }

    [Fact]
    public async Task A_kubeconfig_that_is_none_keeps_the_worker_from_starting_with_a_word_on_the_file()
    {
        await Worker.EndAsync();
        var right = await File.ReadAllTextAsync(Worker.Kubeconfig);
        await File.WriteAllTextAsync(Worker.Kubeconfig, "current-context: none\n");
        var refused = await Should.ThrowAsync<OptionsValidationException>(Worker.BeginAsync);
        refused.Message.ShouldContain(Worker.Kubeconfig);
        refused.Message.ShouldContain("'none'");
        await Worker.EndAsync();
        await File.WriteAllTextAsync(Worker.Kubeconfig, right);
        await Worker.BeginAsync();
    }

    private static string StrangersAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }
}
