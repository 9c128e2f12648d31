using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Aigc.DemoEngine.Tests.Images;

public sealed class FullDiskTests : IDisposable
{
    private readonly Engine _engine = new();

    [Fact]
    public async Task A_full_disk_is_said_clearly_leaves_no_half_file_and_ends_when_there_is_room()
    {
        // Linux refuses every byte written to /dev/full with "no space left on device". The engine will write its first image there.
        File.CreateSymbolicLink(Path.Combine(_engine.Outputs, ".00000001-7.png.tmp"), "/dev/full");
        var answer = await _engine.Txt2ImgAsync(new { prompt = "lake", seed = 7, steps = 1, width = 512, height = 512 });
        answer.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        ((string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]).ShouldBe("The disk of this engine is full. Delete images and try again.");
        Directory.GetFileSystemEntries(_engine.Outputs).ShouldBeEmpty();

        await _engine.PaintAsync();
        Directory.GetFiles(_engine.Outputs).ShouldHaveSingleItem();
    }

    public void Dispose() => _engine.Dispose();
}
