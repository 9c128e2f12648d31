namespace Aigc.DemoEngine.Tests.Images;

public sealed class PaintingTests(Engine engine) : IClassFixture<Engine>
{
    [Theory]
    [InlineData("lake", 64, 64)]
    [InlineData("night over the city", 333, 127)]
    [InlineData("abstract", 640, 384)]
    public async Task An_image_is_a_valid_png_of_the_asked_size_that_shows_something(string prompt, int width, int height)
    {
        var png = PngFile.Read(await engine.PaintAsync(prompt, seed: 42, steps: 2, width, height));
        (png.Width, png.Height).ShouldBe((width, height));
        png.Text.ShouldBe($"parameters\0{prompt}\nSteps: 2, Sampler: Demo formula, Seed: 42, Size: {width}x{height}, Model: demo-formula");
        png.Pixels.Distinct().Count().ShouldBeGreaterThan(32);
    }

    [Fact]
    public async Task The_same_prompt_and_seed_give_the_same_bytes_and_others_give_others()
    {
        var first = await engine.PaintAsync("lake", seed: 7);
        (await engine.PaintAsync("lake", seed: 7)).ShouldBe(first);
        (await engine.PaintAsync("lake", seed: 8)).ShouldNotBe(first);
        PngFile.Read(await engine.PaintAsync("desert", seed: 7)).Pixels.ShouldNotBe(PngFile.Read(first).Pixels);
    }

    [Fact]
    public async Task A_prompt_in_any_script_is_found_again_in_the_gallery_with_its_exact_seed()
    {
        await engine.PaintAsync("湖边的日落 🌅, Seed: 5", seed: ulong.MaxValue);
        var newest = (await engine.GetAsync("gallery"))["images"]![0]!;
        ((string?)newest["prompt"]).ShouldBe("湖边的日落 🌅, Seed: 5");
        ((string?)newest["seed"]).ShouldBe("18446744073709551615");
    }
}
