using System.Numerics;
using static Aigc.DemoEngine.Painting.Noise;

namespace Aigc.DemoEngine.Painting;

/// <summary>A sky with clouds and a sun, ridges in the mist and, if the prompt mentions water or by chance, a lake. <paramref name="pixel"/> is the size of one pixel, for smooth edges.</summary>
internal sealed class Scenery(Palette palette, Noise noise, float octaves, float aspect, float pixel, bool water) : IScene
{
    private const int Ridges = 5;
    private readonly Vector2 _sun = new(aspect * (0.2f + 0.6f * noise.Lattice(1, 1)), 0.14f + 0.26f * noise.Lattice(2, 1));
    private readonly float _sunRadius = 0.035f + 0.06f * noise.Lattice(3, 1);
    private readonly float _shore = water || noise.Lattice(4, 1) < 0.4f ? 0.7f + 0.12f * noise.Lattice(5, 1) : 2f;
    private readonly float _roughness = 0.6f + 0.8f * noise.Lattice(6, 1);

    public Vector3 At(float x, float y)
    {
        if (y <= _shore)
            return Land(x, y);
        // Water mirrors the land above it, stirred more the nearer it is.
        var depth = (y - _shore) / (1.01f - _shore);
        var ripple = (noise.Fractal(x * 5, y * 70, Math.Min(octaves, 3)) - 0.5f) * (0.01f + 0.07f * depth);
        var mirrored = Land(x + ripple * 0.6f, 2 * _shore - y + ripple);
        return Colour.Mix(mirrored * 0.9f, palette.Zenith * 0.6f, 0.12f + 0.25f * depth);
    }

    private Vector3 Land(float x, float y)
    {
        var colour = Sky(x, y);
        for (var ridge = 0; ridge < Ridges; ridge++)
        {
            var nearness = (ridge + 1f) / Ridges;
            var top = Crest(x, ridge, nearness);
            var covered = Math.Clamp((y - top) / pixel + 0.5f, 0, 1);
            if (covered > 0)
                colour = Colour.Mix(colour, Slope(x, y - top, nearness), covered);
        }
        return colour;
    }

    private float Crest(float x, int ridge, float nearness)
    {
        var height = noise.Fractal(x * (1.1f + ridge * 0.55f) + ridge * 31.7f, ridge * 7.3f, octaves);
        return 0.44f + 0.42f * nearness - (height - 0.42f) * _roughness * (0.62f - 0.3f * nearness);
    }

    private Vector3 Slope(float x, float below, float nearness)
    {
        var rock = Colour.Mix(palette.Far, palette.Near, nearness);
        var lit = (noise.Fractal(x * 9, below * 14 + nearness * 50, octaves) - 0.5f) * 0.22f;
        var mist = Step(0, 0.3f, below) * (1 - nearness) * 0.75f;
        return Colour.Mix(rock * (1 + lit), palette.Horizon, mist + (1 - nearness) * 0.28f);
    }

    private Vector3 Sky(float x, float y)
    {
        var sky = Colour.Mix(palette.Zenith, palette.Horizon, Step(-0.05f, 0.62f, y));
        var distance = Vector2.Distance(new(x, y), _sun);
        sky = Colour.Mix(sky, palette.Sun, 0.55f / (1 + distance * distance * 38));
        sky = Colour.Mix(sky, palette.Sun, 1 - Step(_sunRadius - pixel, _sunRadius + pixel, distance));
        // Clouds are noise whose coordinates are themselves moved by noise.
        var warp = noise.Fractal(x * 1.6f + 5, y * 3.2f, octaves);
        var cloud = noise.Fractal(x * 1.7f + warp * 1.5f, y * 5.5f + warp * 1.2f, octaves);
        return Colour.Mix(sky, Colour.Mix(palette.Horizon, palette.Sun, 0.5f), Step(0.5f, 0.85f, cloud) * 0.65f);
    }
}
