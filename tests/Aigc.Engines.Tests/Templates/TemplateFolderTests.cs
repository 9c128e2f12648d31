using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Templates;

public sealed class TemplateFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aigc-templates-").FullName;

    /// <summary>The templates that come with the gateway.</summary>
    internal static string Shipped { get; } = FindShipped();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "demo", "node-red")]
    [InlineData("kubernetes", "comfyui", "jupyterlab", "sd-webui-cpu", "sd-webui")]
    public void The_shipped_templates_have_no_errors_and_survive_storage(string folder, params string[] names)
    {
        var shipped = TemplateFolder.Read(Path.Combine(Shipped, folder));

        shipped.Errors.ShouldBeEmpty();
        shipped.Templates.Select(t => t.Name).ShouldBe(names);
        foreach (var template in shipped.Templates)
        {
            template.Title.Zh.ShouldNotBeNull();
            var json = TemplateJson.Write(template);
            TemplateJson.Write(TemplateJson.Read(json)).ShouldBe(json);
            TemplateJson.Read(json).Title.ShouldBe(template.Title);
        }
    }

    [Fact]
    public void A_wrong_file_keeps_nobody_elses_template_away()
    {
        Write("a.yaml", "name: [");
        Write("b.yml", Minimal("good"));
        Write("notes.txt", "no template");

        var folder = TemplateFolder.Read(_folder);

        folder.Templates.ShouldHaveSingleItem().Name.ShouldBe("good");
        folder.Errors.ShouldHaveSingleItem().File.ShouldBe("a.yaml");
    }

    [Fact]
    public void Two_files_of_one_name_are_both_named_and_neither_is_guessed_to_be_meant()
    {
        Write("a.yaml", Minimal("same"));
        Write("b.yaml", Minimal("same"));

        var folder = TemplateFolder.Read(_folder);

        folder.Templates.ShouldBeEmpty();
        folder.Errors.Select(e => e.File).ShouldBe(["a.yaml", "b.yaml"]);
        folder.Errors[0].Message.ShouldContain("b.yaml");
        folder.Errors[1].Message.ShouldContain("a.yaml");
    }

    [Fact]
    public void A_folder_that_is_not_there_offers_nothing() => TemplateFolder.Read(Path.Combine(_folder, "none")).Templates.ShouldBeEmpty();

    [Fact]
    public void Placeholders_are_filled_and_a_shells_own_are_left_alone()
    {
        Placeholders.Fill("{port}-{nobody}-${port}", new Dictionary<string, string> { ["port"] = "80" }, out var missing).ShouldBe("80-{nobody}-${port}");
        missing.ShouldBe(["nobody"]);
    }

    private static string Minimal(string name) => $"name: {name}\ntitle: T\ndescription: D\nversion: 1\nlocal: {{ command: a }}\n";

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static string FindShipped()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "aigc.sln")))
                return Path.Combine(folder.FullName, "templates");
        }
        throw new InvalidOperationException("The tests run inside the repository.");
    }
}
