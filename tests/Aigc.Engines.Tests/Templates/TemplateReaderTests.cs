using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Templates;

/// <summary>An administrator who mistypes a template loses minutes, not hours: each error says where it is and what is allowed.</summary>
public sealed class TemplateReaderTests
{
    private const string Head = "name: demo\ntitle: Demo\ndescription: Draws.\nversion: \"1\"\n";
    private const string Local = "local: { command: dotnet }\n";

    [Fact]
    public void A_full_template_is_read_field_by_field()
    {
        var template = Good("""
            name: demo
            title: { en: Demo engine, zh: 演示引擎 }
            description: Draws.
            icon: "🎨"
            version: "1"
            local:
              command: dotnet
              arguments: ["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "${HOME}"]
              environment: { Demo__StepTime: "00:00:00.1", EMPTY: "" }
              port: 8188
            kubernetes: { port: 80, pod: { spec: { containers: [{ name: engine, image: nginx }] } } }
            readiness: { path: /healthz, timeout: 500ms }
            busy: { kind: json, path: /x, pointer: /a/b, unknownLimit: 1h30m, count: /done }
            activity: { ignorePaths: [/queue], webSockets: from-browser }
            idleTimeout: 90s
            startTimeout: 2h
            stopTimeout: 0s
            """);

        template.Name.ShouldBe("demo");
        template.Title.ShouldBe(new("Demo engine", "演示引擎"));
        template.Icon.ShouldBe("🎨");
        template.Local!.Arguments.ShouldBe(["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "${HOME}"]);
        template.Local.Environment.ShouldBe(new Dictionary<string, string> { ["Demo__StepTime"] = "00:00:00.1", ["EMPTY"] = "" }, ignoreOrder: true);
        template.Local.Port.ShouldBe(8188);
        template.Readiness.ShouldBe(new("/healthz", TimeSpan.FromMilliseconds(500)));
        template.Busy.ShouldBe(new(BusyProbeKind.Json, "/x", "/a/b", TimeSpan.FromMinutes(90), "/done"));
        template.Activity.IgnorePaths.ShouldBe(["/queue"]);
        template.Activity.WebSocketsFromBrowserOnly.ShouldBeTrue();
        template.IdleTimeout.ShouldBe(TimeSpan.FromSeconds(90));
        template.StartTimeout.ShouldBe(TimeSpan.FromHours(2));
        template.StopTimeout.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void What_is_left_out_has_the_documented_default()
    {
        var template = Good(Head + Local);

        template.Readiness.ShouldBe(new(null, TimeSpan.FromSeconds(2)));
        template.Busy.ShouldBeNull();
        template.IdleTimeout.ShouldBe(TimeSpan.FromMinutes(30));
        template.StartTimeout.ShouldBe(TimeSpan.FromMinutes(5));
        template.StopTimeout.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void All_errors_of_a_file_come_at_once()
    {
        var errors = Errors("name: Demo\nversoin: 1\nidleTimeout: soon\nlocal: { port: 0 }\n");

        errors.Select(e => (e.Line, e.Field)).ShouldBe(
            [(1, "title"), (1, "description"), (1, "version"), (1, "name"), (2, "versoin"), (3, "idleTimeout"), (4, "local.command"), (4, "local.port")]);
        errors.ShouldContain(e => e.ToString() ==
            "demo.yaml:3:14: idleTimeout: 'soon' is not a duration; write for example 30m, 90s or 1h30m, from 5s to 30d.");
        errors.Single(e => e.Field == "versoin").Message.ShouldStartWith("is no field here. Did you mean 'version'? Allowed: name, title,");
    }

    [Theory]
    [InlineData("idleTimeout: 4s", 6, "idleTimeout", "'4s' is out of range")]
    [InlineData("idleTimeout: 31d", 6, "idleTimeout", "to 30d")]
    [InlineData("idleTimeout: 30", 6, "idleTimeout", "'30' has no unit")]
    [InlineData("idleTimeout: [1]", 6, "idleTimeout", "takes a text")]
    [InlineData("idleTimeout:", 6, "idleTimeout", "has no value")]
    [InlineData("startTimeout: 0s", 6, "startTimeout", "out of range")]
    [InlineData("stopTimeout: 11m", 6, "stopTimeout", "to 10m")]
    [InlineData("name: demo", 6, "name", "given twice, first in line 1")]
    [InlineData("icon: abc", 6, "icon", "one emoji")]
    [InlineData("readiness: /healthz", 6, "readiness", "fields of its own")]
    [InlineData("readiness: { path: healthz }", 6, "readiness.path", "begins with one '/'")]
    [InlineData("readiness: { path: //host/x }", 6, "readiness.path", "begins with one '/'")]
    [InlineData("readiness:\n  paht: /x", 7, "readiness.paht", "Did you mean 'path'?")]
    [InlineData("busy: {}", 6, "busy.kind", "is missing")]
    [InlineData("busy: { kind: auto1111 }", 6, "busy.kind", "a1111, comfyui, json")]
    [InlineData("busy: { kind: json, path: /x }", 6, "busy.pointer", "is missing")]
    [InlineData("busy: { kind: json, pointer: /x }", 6, "busy.path", "is missing")]
    [InlineData("busy: { kind: json, path: /x, pointer: x }", 6, "busy.pointer", "JSON Pointer")]
    [InlineData("busy: { kind: a1111, count: done }", 6, "busy.count", "JSON Pointer")]
    [InlineData("busy: { kind: a1111, path: /x }", 6, "busy.path", "kind: json only")]
    [InlineData("activity: { ignorePaths: /x }", 6, "activity.ignorePaths", "takes a list")]
    [InlineData("activity:\n  ignorePaths:\n    - /x\n    - y", 9, "activity.ignorePaths[1]", "begins with one '/'")]
    [InlineData("activity: { webSockets: none }", 6, "activity.webSockets", "any, from-browser")]
    [InlineData("kubernetes: yes", 6, "kubernetes", "fields of its own")]
    [InlineData("---\nname: other", 6, "", "one template")]
    [InlineData("icon: &a x", 6, "", "anchors")]
    [InlineData("icon: *a", 6, "", "aliases")]
    [InlineData("icon: !!binary eA==", 6, "", "tags")]
    [InlineData("icon: \"\\0\"", 6, "", "U+0000")]
    [InlineData("icon: [a", 7, "", "not YAML")]
    // The parser names no place for a tab: the last line it understood is given.
    [InlineData("\ticon: a", 5, "", "not YAML")]
    public void A_wrong_line_is_named(string wrong, int line, string field, string message)
    {
        var error = Errors(Head + Local + wrong + "\n").ShouldHaveSingleItem();
        (error.Line, error.Field).ShouldBe((line, field), error.ToString());
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("local: { command: \"\" }", "local.command")]
    [InlineData("local: { command: a, port: 65536 }", "local.port")]
    [InlineData("local: { command: a, port: 80a }", "local.port")]
    [InlineData("local: { command: a, arguments: [x, \"{po rt}\"] }", "local.arguments[1]")]
    [InlineData("local: { command: a, arguments: [\"{port\"] }", "local.arguments[0]")]
    [InlineData("local: { command: \"{9}\" }", "local.command")]
    [InlineData("local: { command: a, environment: { 1X: y } }", "local.environment.1X")]
    [InlineData("local: { command: a, environment: { X: \"}\" } }", "local.environment.X")]
    [InlineData("local: { command: a, environment: { X: } }", "local.environment.X")]
    [InlineData("icon: x", "local")]
    public void A_wrong_runtime_is_named(string runtime, string field) =>
        Errors(Head + runtime).ShouldHaveSingleItem().Field.ShouldBe(field);

    [Theory]
    [InlineData("1demo")]
    [InlineData("demo-")]
    [InlineData("de_mo")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcde")]
    public void A_name_that_is_no_host_name_is_refused(string name) =>
        Errors(Head.Replace("demo", name, StringComparison.Ordinal) + Local).ShouldHaveSingleItem().Field.ShouldBe("name");

    [Fact]
    public void Hostile_files_are_refused_without_harm()
    {
        Errors("").ShouldHaveSingleItem().Message.ShouldContain("empty");
        Errors("- a\n").ShouldHaveSingleItem().Message.ShouldContain("a map of fields");
        Errors(new string('#', YamlLimit + 1)).ShouldHaveSingleItem().Message.ShouldContain("64 KB");
        Errors(new string('[', 30_000)).ShouldHaveSingleItem().Message.ShouldContain("16 levels");
        Errors(string.Concat(Enumerable.Repeat("a:\n", 1)) + string.Concat(Enumerable.Range(1, 200).Select(i => new string(' ', i) + "a:\n")))
            .ShouldHaveSingleItem().Message.ShouldContain("16 levels");
    }

    [Fact]
    public void No_input_makes_the_reader_throw()
    {
        var seed = File.ReadAllText(Path.Combine(TemplateFolderTests.Shipped, "demo.yaml"));
        const string Alphabet = "{}[]:,-&*!|>'\"%@`#?~ \n\t\\0aé🎨\ud800\0";
        var random = new Random(20_000);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new System.Text.StringBuilder(seed);
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0: text.Insert(at, Alphabet[random.Next(Alphabet.Length)]); break;
                    case 1: text[at] = Alphabet[random.Next(Alphabet.Length)]; break;
                    default: text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at - 1)); break;
                }
            }
            var file = TemplateReader.Read("fuzz.yaml", text.ToString());
            (file.Template is null).ShouldBe(file.Errors.Count > 0);
        }
    }

    private const int YamlLimit = 64 * 1024;

    private static Template Good(string yaml)
    {
        var file = TemplateReader.Read("demo.yaml", yaml);
        file.Errors.ShouldBeEmpty();
        file.Source.ShouldBe(yaml);
        return file.Template.ShouldNotBeNull();
    }

    private static IReadOnlyList<TemplateError> Errors(string yaml)
    {
        var file = TemplateReader.Read("demo.yaml", yaml);
        file.Template.ShouldBeNull();
        return file.Errors;
    }
}
