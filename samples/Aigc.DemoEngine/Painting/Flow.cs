using System.Numerics;
using static Aigc.DemoEngine.Painting.Noise;

namespace Aigc.DemoEngine.Painting;

/// <summary>Folded bands of colour: noise warped twice by noise.</summary>
internal sealed class Flow(Palette palette, Noise noise, float octaves) : IScene
{
    private readonly float _scale = 1.2f + 1.4f * noise.Lattice(1, 2);

    public Vector3 At(float x, float y)
    {
        (x, y) = (x * _scale, y * _scale);
        var a = noise.Fractal(x, y, octaves);
        var b = noise.Fractal(x + 5.2f, y + 1.3f, octaves);
        var c = noise.Fractal(x + 3.4f * a + 1.7f, y + 3.4f * b + 9.2f, octaves);
        var d = noise.Fractal(x + 3.4f * c, y + 2.6f * a + 2.8f, octaves);
        var colour = Colour.Mix(palette.Near, palette.Zenith, Step(0.22f, 0.55f, d));
        colour = Colour.Mix(colour, palette.Far, Step(0.35f, 0.75f, c) * 0.8f);
        colour = Colour.Mix(colour, palette.Horizon, Step(0.48f, 0.72f, d * 0.6f + b * 0.4f));
        return Colour.Mix(colour, palette.Sun, Step(0.6f, 0.8f, d) * 0.7f);
    }
}
