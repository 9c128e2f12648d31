using System.Text.RegularExpressions;
using Aigc.Testing;

namespace Aigc.Cluster.Tests.Publishing;

/// <summary>docs/deploy.md, step by step: installed, upgraded, uninstalled, and people's disks are still there.</summary>
[Trait(Shell.Cluster, Shell.Real)]
public sealed partial class DeployGuideTests
{
    [Fact]
    public async Task Its_steps_without_Helm_install_upgrade_and_uninstall_and_leave_the_disks()
    {
        using var shell = new Shell();
        var version = await shell.VersionAsync();
        var steps = Steps().Select(step => step.Replace("--Kubernetes:Version=1.34", $"--Kubernetes:Version={version}", StringComparison.Ordinal)).ToList();
        steps.Count.ShouldBe(3);
        (await shell.RunAsync("kubectl get namespace aigc aigc-engines --ignore-not-found -o name")).ShouldBeEmpty("the product is installed in this cluster");
        try
        {
            await shell.RunAsync(steps[0]);
            await CheckRightsAsync(shell);
            await shell.RunAsync(Disk);
            await shell.RunAsync(steps[1]);
            await shell.RunAsync(steps[2]);
            (await shell.RunAsync("kubectl -n aigc get deployments,statefulsets,services,secrets,ingresses -l app.kubernetes.io/instance=aigc -o name")).ShouldBeEmpty();
            var claims = await shell.RunAsync("kubectl -n aigc get persistentvolumeclaims -o name; kubectl -n aigc-engines get persistentvolumeclaims -o name");
            claims.Split('\n').Order(StringComparer.Ordinal).ShouldBe(
            [
                "persistentvolumeclaim/a-disk", "persistentvolumeclaim/postgres-data-postgres-statefulset-0", "persistentvolumeclaim/tracker-data-tracker-statefulset-0",
            ]);
        }
        finally
        {
            await shell.RunAsync("kubectl delete namespace aigc aigc-engines --ignore-not-found --wait=false");
        }
    }

    private const string Disk = """
        kubectl apply -f - <<END
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: a-disk, namespace: aigc-engines }
        spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
        END
        """;

    /// <summary>The worker may what it does, and nothing else, and nowhere else.</summary>
    private static async Task CheckRightsAsync(Shell shell)
    {
        foreach (var (verb, resource, place, answer) in new[]
                 {
                     ("create", "deployments.apps", "aigc-engines", "yes"),
                     ("patch", "persistentvolumeclaims", "aigc-engines", "yes"),
                     ("watch", "pods", "aigc-engines", "yes"),
                     ("create", "pods", "aigc-engines", "yes"),
                     ("get", "secrets", "aigc-engines", "no"),
                     ("create", "pods --subresource=exec", "aigc-engines", "no"),
                     ("create", "rolebindings.rbac.authorization.k8s.io", "aigc-engines", "no"),
                     ("list", "pods", "aigc", "no"),
                     ("get", "secrets", "aigc", "no"),
                     ("get", "nodes", "aigc", "no"),
                 })
        {
            var said = await shell.RunAsync($"kubectl auth can-i {verb} {resource} -n {place} --as=system:serviceaccount:aigc:aigc-worker 2>/dev/null || true");
            said.ShouldBe(answer, $"{verb} {resource} in {place}");
        }

        (await shell.RunAsync("kubectl auth can-i list pods -n aigc-engines --as=system:serviceaccount:aigc:default 2>/dev/null || true")).ShouldBe("no");
    }

    private static IEnumerable<string> Steps()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deploy.md"));
        return Step().Matches(guide).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Step();
}
