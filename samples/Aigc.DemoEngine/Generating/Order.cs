using Aigc.DemoEngine.Painting;

namespace Aigc.DemoEngine.Generating;

/// <summary>What a client asked for: one picture, or several with consecutive seeds.</summary>
public sealed record Order(string Prompt, ulong Seed, int Steps, int Width, int Height, int Batch)
{
    public IEnumerable<Picture> Pictures() => Enumerable.Range(0, Batch)
        .Select(i => new Picture(Prompt, unchecked(Seed + (ulong)i), Steps, Width, Height));
}
