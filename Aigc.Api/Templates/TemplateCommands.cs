using System.CommandLine;
using System.Text;
using Aigc.Engines.Templates.Importing;

namespace Aigc.Api.Templates;

/// <summary><c>Aigc.Api template import</c>: makes a template of Kubernetes YAML, instead of serving.</summary>
public static class TemplateCommands
{
    private const string StandardInput = "-";
    private const int BadInput = 2;

    public static bool Asked(string[] args) => args is ["template", ..];

    public static Task<int> RunAsync(string[] args)
    {
        var template = new Command("template", "Makes templates.") { Import() };
        return new RootCommand("The gateway's API. Without a command it serves.") { template }.Parse(args).InvokeAsync();
    }

    private static Command Import()
    {
        var file = new Argument<string>("FILE")
        {
            Description = $"Kubernetes YAML, with the objects around it (Service, claims …) where there are any; {StandardInput} reads standard input.",
        };
        var name = new Option<string?>("--name") { Description = "The template's name. Without it, the workload's own." };
        var workload = new Option<string?>("--workload") { Description = "Which workload, where the file has several: NAME, or KIND/NAME." };
        var output = new Option<string?>("--out") { Description = "The file to write; it must not exist. Without it, standard output." };
        var command = new Command(
            "import",
            "Makes a template of a Deployment, a StatefulSet or an OpenKruise GameServerSet. What it could not carry over, what it guessed and what an administrator has to allow it says on standard error, line by line. docs/templates.md goes through it.")
        {
            file, name, workload, output,
        };
        command.SetAction((parsed, cancellationToken) =>
            ImportAsync(parsed.GetRequiredValue(file), parsed.GetValue(name), parsed.GetValue(workload), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> ImportAsync(string file, string? name, string? workload, string? output, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            await using var stream = file == StandardInput ? Console.OpenStandardInput() : File.OpenRead(file);
            text = await ImportSource.ReadAsync(stream, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file}: {error.Message}");
            return BadInput;
        }

        var imported = TemplateImport.Read(file == StandardInput ? "stdin" : file, text, name, workload);
        foreach (var note in imported.Notes)
            await Console.Error.WriteLineAsync(note.ToString());
        foreach (var error in imported.Errors)
            await Console.Error.WriteLineAsync(error.ToString());
        if (imported.Source is not { } source)
            return BadInput;
        try
        {
            await using var target = output is null ? Console.OpenStandardOutput() : new FileStream(output, FileMode.CreateNew);
            await target.WriteAsync(Encoding.UTF8.GetBytes(source), cancellationToken);
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"--out: {error.Message}");
            return 1;
        }
    }
}
