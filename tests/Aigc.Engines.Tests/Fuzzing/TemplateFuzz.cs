using Aigc.Engines.Templates;
using Aigc.Testing;
using Xunit.Abstractions;

namespace Aigc.Engines.Tests.Fuzzing;

public sealed class TemplateFuzz(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
    [
        "name: demo\n", "title: Demo\n", "title: { en: Demo, zh: 演示 }\n", "description: It paints.\n", "icon: A\n", "version: \"1\"\n", "local: { command: demo }\n",
        "name: demo\ntitle: Demo\ndescription: d\nicon: A\nversion: \"1\"\nlocal: { command: demo }\n",
        "local:\n  command: sh\n  arguments: [\"{port}\", \"{data}\"]\n", "readiness: { path: /healthz }\n", "busy: { kind: json, path: /x, pointer: /y }\n",
        "activity: { ignorePaths: [/a] }\n", "idleTimeout: 10m\n", "idleTimeout: 999999d999999h\n", "  - ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!binary ", "!<x> ", "<<: *a\n",
        "---\n", "...\n", "%YAML 1.1\n", "| \n", ">-\n", "# x\n", "\n", "  ", "\t", "'", "\"", "{port}", "${HOME}", "../../etc", "null", "~", "yes", "0x1F", "1e999", "\\u0000",
    ];

    [Fact]
    public void A_text_is_a_template_by_the_rules_or_says_what_is_wrong_with_it() => Fuzz.Run(50_000, Pieces, output.WriteLine, text =>
    {
        var file = TemplateReader.Read("fuzz.yaml", text);
        Fuzz.Require(file.Template is null == file.Errors.Count > 0, "a template, or errors");
        if (file.Template is not { } template)
        {
            Fuzz.Require(file.Errors.All(error => error.Message.Length > 0), "each error says something");
            return;
        }
        template.Name.ShouldMatch(@"\A[a-z]([a-z0-9-]{0,28}[a-z0-9])?\z");
        template.Version.ShouldMatch(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,39}\z");
        template.IdleTimeout.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromDays(30));
        foreach (var path in (template.Activity.IgnorePaths ?? []).Append(template.Readiness.Path ?? "/"))
            path.ShouldStartWith("/");
        var stored = TemplateJson.Write(template);
        TemplateJson.Write(TemplateJson.Read(stored)).ShouldBe(stored, "it comes back from the database as it went in");
    });

    [Theory]
    [InlineData(100_000, "[", "]")]
    [InlineData(100_000, "{a: ", "}")]
    [InlineData(50_000, "- ", "")]
    public void Depth_is_no_way_to_fell_the_gateway(int depth, string open, string close) =>
        TemplateReader.Read("deep.yaml", "name: " + string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth))).Template.ShouldBeNull();
}
