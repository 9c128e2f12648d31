using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Worker.Tests.Kubernetes;

/// <summary>A kubeconfig is read as kubectl reads it; one that is wrong says what and where. It alone does not move engines off this machine.</summary>
public sealed class KubeConfigTests : IDisposable
{
    private const string Cluster = "clusters: [{ name: c, cluster: { server: 'https://10.0.0.1:6443' } }]\n";
    private const string Context = "current-context: x\ncontexts: [{ name: x, context: { cluster: c, user: u, namespace: engines } }]\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("aigc-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Server_namespace_and_token_are_those_of_the_current_context()
    {
        var access = Read(Context + Cluster + "users: [{ name: u, user: { token: secret } }]\n");
        (access.Server, access.Namespace).ShouldBe((new("https://10.0.0.1:6443/"), "engines"));
        (await access.Token!.GetAsync(CancellationToken.None)).ShouldBe("secret");
    }

    [Fact]
    public async Task A_program_may_give_the_token_and_is_asked_again_when_it_was_refused()
    {
        var program = Path.Combine(_folder, "login.sh");
        await File.WriteAllTextAsync(program, """
            #!/bin/sh
            echo x >>"$COUNT"
            echo "{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"token-$(wc -l <"$COUNT" | tr -d ' ')\"}}"
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var token = Read(Context + Cluster + $"users: [{{ name: u, user: {{ exec: {{ command: ./login.sh, env: [{{ name: COUNT, value: '{_folder}/count' }}] }} }} }}]\n").Token!;
        (await token.GetAsync(CancellationToken.None)).ShouldBe("token-1");
        (await token.GetAsync(CancellationToken.None)).ShouldBe("token-1");
        token.Refused();
        (await token.GetAsync(CancellationToken.None)).ShouldBe("token-2");
    }

    [Fact]
    public async Task A_program_that_fails_is_named_with_what_it_said()
    {
        var token = Read(Context + Cluster + "users: [{ name: u, user: { exec: { command: sh, args: [-c, 'echo please log in >&2; exit 3'] } } }]\n").Token!;
        (await Should.ThrowAsync<InvalidDataException>(async () => await token.GetAsync(CancellationToken.None))).Message.ShouldContain("please log in");
    }

    [Theory]
    [InlineData("", "empty, or no kubeconfig")]
    [InlineData("a: [", "no YAML")]
    [InlineData(Cluster, "no 'current-context'")]
    [InlineData("current-context: y\n" + Cluster, "no context 'y'")]
    [InlineData(Context, "no cluster 'c'")]
    [InlineData(Context + Cluster, "no user 'u'")]
    [InlineData(Context + "clusters: [{ name: c, cluster: { server: here } }]\nusers: [{ name: u, user: {} }]", "no 'server'")]
    [InlineData(Context + "clusters: [{ name: c, cluster: { server: 'https://a', certificate-authority-data: '!' } }]\nusers: [{ name: u, user: {} }]", "no base64")]
    [InlineData(Context + Cluster + "users: [{ name: u, user: { client-certificate-data: YQ== } }]", "no 'client-key'")]
    public void What_is_wrong_is_said_with_the_file(string text, string message)
    {
        var wrong = Should.Throw<InvalidDataException>(() => Read(text)).Message;
        wrong.ShouldContain(message);
        wrong.ShouldContain(_folder);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("auto", null, false)]
    [InlineData("auto", "/a/kubeconfig", true)]
    [InlineData("local", "/a/kubeconfig", false)]
    [InlineData("kubernetes", null, true)]
    public void Engines_run_in_a_cluster_only_where_that_was_asked_for(string? runtime, string? kubeconfig, bool cluster)
    {
        var builder = Builder(runtime, kubeconfig);
        builder.AddEngineRuntime();
        builder.Services.Any(service => service.ServiceType == typeof(IEngineRuntime) && service.ImplementationType == typeof(KubernetesEngineRuntime)).ShouldBe(cluster);
        builder.Services.Count(service => service.ServiceType == typeof(IEngineRuntime)).ShouldBe(1);
    }

    [Fact]
    public void A_runtime_that_is_none_is_an_error_that_names_the_setting() =>
        Should.Throw<FormatException>(() => Builder("docker", null).AddEngineRuntime()).Message.ShouldBe("Worker:Runtime must be local, kubernetes or auto, not 'docker'.");

    [Fact]
    public void A_kubeconfig_that_can_not_be_used_ends_the_worker_at_its_start_with_the_setting_and_the_file()
    {
        var result = new ValidateKubernetesOptions(TimeProvider.System).Validate(null, new() { Kubeconfig = Path.Combine(_folder, "none"), Burst = 0 });
        result.Failures!.Count().ShouldBe(2);
        result.FailureMessage!.ShouldContain("Kubernetes:Kubeconfig");
        result.FailureMessage!.ShouldContain(Path.Combine(_folder, "none"));
    }

    private static WebApplicationBuilder Builder(string? runtime, string? kubeconfig)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Worker:Runtime"] = runtime, ["Kubernetes:Kubeconfig"] = kubeconfig, ["AIGC_DATA_DIR"] = "/tmp" });
        return builder;
    }

    private ClusterAccess Read(string text)
    {
        var file = Path.Combine(_folder, "config");
        File.WriteAllText(file, text);
        return KubeConfig.Read(file, null, TimeProvider.System);
    }
}
