using Aigc.Engines.Templates;
using Aigc.Testing;

namespace Aigc.Cluster.Tests.Publishing;

[Trait(Shell.Cluster, Shell.Real)]
public sealed class ImagePullTests
{
    [Fact]
    public async Task The_API_server_takes_what_pulls_the_images_of_all_templates_that_are_shipped()
    {
        using var shell = new Shell();
        var templates = TemplateFolder.Read(Path.Combine(Repository.Root, "templates", "kubernetes")).Templates;
        await File.WriteAllTextAsync(Path.Combine(shell.Folder, "pull.json"), ImagePull.ListOf(templates, ImagePull.DefaultPause).ToJsonString());
        var taken = await shell.RunAsync("kubectl apply --dry-run=server --namespace default -f pull.json");
        taken.Split('\n').Length.ShouldBe(templates.Count, taken);
    }
}
