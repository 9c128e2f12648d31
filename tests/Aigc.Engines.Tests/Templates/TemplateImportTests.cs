using Aigc.Engines.Templates;
using Aigc.Engines.Templates.Importing;
using Aigc.Testing;

namespace Aigc.Engines.Tests.Templates;

/// <summary>
/// What a studio has in its cluster becomes a template, and nothing gets lost without a word. Beside each <c>Import/*.yaml</c>
/// is what becomes of it (<c>.template</c>), and what is said of it (<c>.notes</c>).
/// </summary>
public sealed class TemplateImportTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Aigc.Engines.Tests", "Templates", "Import");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.yaml").Order().Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_becomes_of_a_file_is_known_to_the_letter(string file)
    {
        var imported = Read(file);
        imported.Errors.ShouldBeEmpty();
        Same(imported.Source!, $"{file}.template");
        Same(string.Concat(imported.Notes.Select(note => $"{note}\n")), $"{file}.notes");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_it_becomes_is_a_template_and_what_an_administrator_must_allow_is_named(string file)
    {
        var imported = Read(file);
        var read = TemplateReader.Read(file, imported.Source!);
        var notAllowed = imported.Notes.Where(note => note.Kind == ImportNoteKind.Allow).Select(note => note.Message).ToList();
        read.Errors.Select(error => error.Message).ShouldBe(notAllowed, ignoreOrder: true);
        TemplateReader.Read(file, imported.Source!, new(HostAccess: true, ServiceAccounts: true)).Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("# nothing\n---\n---\n", 1, "empty")]
    [InlineData("apiVersion: v1\nkind: List\nitems: []\n", 1, "empty")]
    [InlineData("kind: Deployment\nspec: {\n\n", 4, "not YAML")]
    [InlineData("apiVersion: v1\nkind: Deployment\n\t# a comment\nmetadata: {}\n", 3, "tab")]
    [InlineData("kind: [Deployment\n", 2, "not YAML")]
    [InlineData("just words\n", 1, "kind")]
    [InlineData("- a\n- b\n", 1, "kind")]
    [InlineData("\nname: demo\nlocal: { command: x }\n", 2, "kind")]
    [InlineData("apiVersion: batch/v1\nkind: Job\nmetadata: { name: train }\n", 1, "Job 'train' (batch/v1, line 1)")]
    [InlineData("kind: Deployment\nmetadata: { name: x }\n", 1, "apiVersion: is missing")]
    [InlineData("apiVersion: example.com/v1\nkind: Deployment\nmetadata: { name: other }\n", 1, "nothing to import")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nspec: {}\n", 1, "spec.template.spec")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nspec: { template: { spec: { containers: [] } } }\n", 3, "spec.template.spec.containers")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n", 7, "containers[0].image")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nkind: Deployment\n", 3, "given twice")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nspec: &a { x: 1 }\n", 3, "anchors")]
    [InlineData("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", 1, "anchors")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: {{ .Release.Name }} }\n", 3, "helm template")]
    public void What_can_not_be_imported_says_where_and_why(string text, int line, string says)
    {
        var imported = TemplateImport.Read("bad.yaml", text);
        imported.Source.ShouldBeNull();
        imported.Errors.ShouldContain(error => error.Line == line && error.ToString().Contains(says, StringComparison.Ordinal), string.Join('\n', imported.Errors));
    }

    [Theory]
    [InlineData("[", "levels")]
    [InlineData("#", "1024 KB")]
    [InlineData("{a: ", "levels")]
    public void What_is_huge_is_refused_before_it_costs_anything(string part, string says) =>
        TemplateImport.Read("huge.yaml", string.Concat(Enumerable.Repeat(part, part == "#" ? 1_048_577 : 100_000))).Errors.ShouldHaveSingleItem().Message.ShouldContain(says);

    [Fact]
    public void Of_several_workloads_one_is_chosen_by_its_name_or_with_its_kind()
    {
        var text = Workload("Deployment", "apps/v1", "web") + "---\n" + Workload("StatefulSet", "apps/v1", "web") + "---\n" + Workload("Deployment", "apps/v1", "api");
        TemplateImport.Read("many.yaml", text).Errors.ShouldHaveSingleItem().Message.ShouldBe(
            "There are several: Deployment 'web' (line 1), StatefulSet 'web' (line 8), Deployment 'api' (line 15). Choose one with --workload NAME, or KIND/NAME.");
        TemplateImport.Read("many.yaml", text, workload: "web").Errors.ShouldHaveSingleItem().Message.ShouldContain("There are several: Deployment 'web'");
        TemplateImport.Read("many.yaml", text, workload: "none").Errors.ShouldHaveSingleItem().Message.ShouldContain("There is no 'none'");
        TemplateImport.Read("many.yaml", text, workload: "statefulset/web").Source!.ShouldStartWith("# Imported from StatefulSet 'web'");
        var api = TemplateImport.Read("many.yaml", text, "renamed", "api");
        TemplateReader.Read("api", api.Source!).Template!.Name.ShouldBe("renamed");
        api.Notes.Count(note => note.Kind == ImportNoteKind.LeftOut && note.Message.Contains("--workload", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_with_anything_in_any_place_is_a_template_or_says_what_is_wrong(string file)
    {
        string[] strange = ["", "~", "[]", "{}", "[a]", "[{}]", "[{ name: data }]", "{ a: b }", "data", "0", "-1", "99999999999", "\"\"", "no", "/", "é"];
        var lines = File.ReadAllLines(Path.Combine(Folder, $"{file}.yaml"));
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var changed = lines.ToList();
            for (var change = 0; change <= seed % 3; change++)
            {
                var at = random.Next(changed.Count);
                var colon = changed[at].IndexOf(':', StringComparison.Ordinal);
                if (colon < 0 || random.Next(4) == 0)
                    changed.RemoveAt(at);
                else
                    changed[at] = $"{changed[at][..colon]}: {strange[random.Next(strange.Length)]}";
            }

            var text = string.Join('\n', changed);
            var imported = TemplateImport.Read("strange.yaml", text);
            (imported.Source is null).ShouldBe(imported.Errors.Count > 0, text);
            if (imported.Source is { } source)
                TemplateReader.Read("strange", source, new(true, true)).Errors.ShouldBeEmpty(text);
        }
    }

    [Fact]
    public void A_name_that_no_template_can_have_is_refused() =>
        TemplateImport.Read("one.yaml", Workload("Deployment", "apps/v1", "web"), "No Name").Errors.ShouldHaveSingleItem().Field.ShouldBe("name");

    private static string Workload(string kind, string version, string name) =>
        $"apiVersion: {version}\nkind: {kind}\nmetadata: {{ name: {name} }}\nspec:\n  template:\n    spec: {{ containers: [{{ name: a, image: b }}] }}\n";

    private static ImportedTemplate Read(string file) => TemplateImport.Read($"{file}.yaml", File.ReadAllText(Path.Combine(Folder, $"{file}.yaml")));

    private static void Same(string text, string golden)
    {
        var path = Path.Combine(Folder, golden);
        if (Environment.GetEnvironmentVariable("AIGC_WRITE_GOLDEN") == "1")
            File.WriteAllText(path, text);
        text.ShouldBe(File.ReadAllText(path));
    }
}
