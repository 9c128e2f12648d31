using Aigc.Api.Tests.Harness;
using Aigc.Engines.Templates;

namespace Aigc.Api.Tests;

/// <summary>The command as an operator runs it.</summary>
public sealed class TemplateCommandTests : IDisposable
{
    private const string Games = """
        apiVersion: game.kruise.io/v1alpha1
        kind: GameServerSet
        metadata: { name: painters }
        spec:
          replicas: 0
          gameServerTemplate:
            spec:
              containers: [{ name: painter, image: my/painter, ports: [{ containerPort: 9000 }] }]
          network: { networkType: AlibabaCloud-EIP }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-import-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_becomes_a_template_on_standard_output_and_what_is_to_say_is_on_standard_error()
    {
        var file = Written("games.yaml", Games);
        var (code, output, errors) = await RunAsync("import", file, "--name", "painter");
        code.ShouldBe(0, errors);
        TemplateReader.Read("output", output).Template!.Name.ShouldBe("painter");
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith($"{file}:"));
        errors.ShouldContain($"{file}:9: left out: spec.network: AlibabaCloud-EIP");

        var target = Path.Combine(_folder.FullName, "painter.yaml");
        (code, output, _) = await RunAsync("import", file, "--out", target);
        (code, output).ShouldBe((0, ""));
        TemplateReader.Read("file", await File.ReadAllTextAsync(target)).Template!.Name.ShouldBe("painters");
        (code, _, errors) = await RunAsync("import", file, "--out", target);
        code.ShouldBe(1, "what is there is not overwritten");
        errors.ShouldContain(target);
    }

    [Fact]
    public async Task Bad_input_is_named_with_its_place_and_gives_no_output()
    {
        var torn = Written("torn.yaml", Games + "\n\tdeeper: true");
        (await RunAsync("import", torn)).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(2),
            run => run.Output.ShouldBe(""),
            run => run.Errors.ShouldContain($"{torn}:9:"));
        var two = Written("two.yaml", $"{Games}\n---\n{Games.Replace("painters", "sculptors", StringComparison.Ordinal)}");
        (await RunAsync("import", two)).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(2),
            run => run.Errors.ShouldContain("--workload NAME"));
        (await RunAsync("import", two, "--workload", "gameserverset/sculptors")).Output.ShouldContain("name: sculptors");
        (await RunAsync("import", Path.Combine(_folder.FullName, "none.yaml"))).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(2),
            run => run.Errors.ShouldContain("none.yaml"),
            run => run.Errors.ShouldNotContain("   at "));
    }

    [Fact]
    public async Task Help_says_what_there_is()
    {
        var (code, output, _) = await RunAsync("import", "--help");
        code.ShouldBe(0);
        output.ShouldContain("GameServerSet");
        output.ShouldContain("--workload");
    }

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        ApiProgram.RunAsync([], ["template", .. arguments]);
}
