using System.Collections;
using System.Globalization;
using Aspire.Hosting.Containers;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Stores;

/// <summary>A server in a container that lives as long as the run; its data are in a volume and stay.</summary>
internal sealed class ContainerStore(
    ContainerEngine engine,
    ContainerRecipe recipe,
    EndpointAnnotation endpoint,
    StoreAccess access,
    string folder,
    string password) : StoreServer(endpoint, access)
{
    private bool _created;

    public override string Title => recipe.Image[(recipe.Image.LastIndexOf('/') + 1)..];

    // The engine's command passes it on to the server.
    public override string StopSignal => recipe.StopSignal;

    public override string PasswordFile => StorePassword.PathIn(folder);

    private string Label => $"aigc.hosting.store={recipe.Name}";

    public override async Task<ProcessSpec> PrepareAsync(Action<string> log, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(folder);
        StorePassword.Keep(folder, password);
        await engine.RemoveAsync(Label, cancellationToken);
        List<string> arguments =
        [
            "run", "--rm", "--name", recipe.Name, "--label", Label,
            "--publish", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}:{recipe.Port}"),
            "--volume", $"{recipe.Volume}:{recipe.DataPath}",
        ];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables()) environment[(string)variable.Key] = (string?)variable.Value ?? "";

        // By name only: a value on the command line is for everybody on this machine to read.
        foreach (var (name, value) in recipe.Environment)
        {
            arguments.AddRange(["--env", name]);
            environment[name] = value;
        }

        return new(engine.Program, [.. arguments, recipe.Image, .. recipe.Command], folder, environment);
    }

    public override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (!await base.AnswersAsync(cancellationToken)) return false;
        foreach (var command in _created ? [] : recipe.WhenItAnswers)
        {
            var result = await engine.AskAsync(TimeSpan.FromSeconds(30), cancellationToken, ["exec", recipe.Name, .. command]);
            if (result is not { Succeeded: true } && result?.Error.Contains("already exists", StringComparison.Ordinal) != true) return false;
        }

        return _created = true;
    }

    public override Task CleanUpAsync(CancellationToken cancellationToken) => engine.RemoveAsync(Label, cancellationToken);
}
