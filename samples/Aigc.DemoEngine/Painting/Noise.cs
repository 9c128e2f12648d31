namespace Aigc.DemoEngine.Painting;

/// <summary>
/// Value noise over a hashed integer lattice, between 0 and 1.
/// Uses only IEEE operations that round alike everywhere (no sines, no fused multiply-add), so every machine computes the same picture.
/// </summary>
internal readonly struct Noise(uint seed)
{
    public float At(float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y);
        int column = (int)left, row = (int)top;
        float tx = Smooth(x - left), ty = Smooth(y - top);
        var upper = Mix(Lattice(column, row), Lattice(column + 1, row), tx);
        var lower = Mix(Lattice(column, row + 1), Lattice(column + 1, row + 1), tx);
        return Mix(upper, lower, ty);
    }

    /// <summary>Octaves of noise, each twice as fine and half as strong; a fractional last octave fades in.</summary>
    public float Fractal(float x, float y, float octaves)
    {
        float sum = 0, strength = 1, total = 0;
        for (var left = octaves; left > 0; left--)
        {
            var weight = strength * Math.Min(left, 1);
            sum += weight * At(x, y);
            total += weight;
            strength *= 0.5f;
            // An offset per octave, or the lattices would line up at the origin.
            (x, y) = (x * 2.03f + 17.17f, y * 2.03f + 9.31f);
        }
        return sum / total;
    }

    public float Lattice(int x, int y)
    {
        unchecked
        {
            var h = seed ^ ((uint)x * 0x9E3779B1u) ^ ((uint)y * 0x85EBCA77u);
            h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
            h = (h ^ (h >> 12)) * 0x297A2D39u;
            return ((h ^ (h >> 15)) >> 8) * (1f / (1 << 24));
        }
    }

    public static float Mix(float a, float b, float t) => a + (b - a) * t;

    public static float Smooth(float t) => t * t * (3 - 2 * t);

    public static float Step(float from, float to, float value) => Smooth(Math.Clamp((value - from) / (to - from), 0, 1));
}
