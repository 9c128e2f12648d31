using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Aigc.DemoEngine.Painting;

internal interface IScene
{
    /// <summary>The colour at a point; y runs from 0 (top) to 1, x from 0 to the picture's aspect ratio.</summary>
    Vector3 At(float x, float y);
}

/// <summary>Computes a picture, row by row, as it looks after some of its steps: first coarse and grainy, at the last step finished.</summary>
internal sealed class Painter
{
    private readonly IScene _scene;
    private readonly Noise _grain;
    private readonly float _grainStrength;
    private readonly float _scale;

    public Painter(Picture picture, int step, int width, int height)
    {
        (Width, Height, _scale) = (width, height, 1f / height);
        var progress = (float)step / picture.Steps;
        // More steps resolve finer detail, with diminishing returns.
        var octaves = 1 + progress * 7 * picture.Steps / (picture.Steps + 8f);
        var ofPrompt = Hash(picture.Prompt);
        var ofPicture = Hash($"{picture.Seed}\n{picture.Prompt}");
        var palette = Palette.For(picture.Prompt, ofPrompt);
        var noise = new Noise(ofPicture);
        _scene = ofPicture % 8 == 0 || Mentions(picture.Prompt, "abstract", "pattern", "抽象")
            ? new Flow(palette, noise, octaves)
            : new Scenery(palette, noise, octaves, (float)width / height, _scale, Mentions(picture.Prompt, "lake", "sea", "ocean", "water", "湖", "海", "水"));
        _grain = new Noise(ofPicture ^ (uint)step);
        _grainStrength = (1 - progress) * (1 - progress) * 0.9f;
    }

    public int Width { get; }

    public int Height { get; }

    public static Painter Finished(Picture picture) => new(picture, picture.Steps, picture.Width, picture.Height);

    /// <summary>A preview is at most 192 pixels wide or high.</summary>
    public static Painter Preview(Picture picture, int step)
    {
        var longest = Math.Max(picture.Width, picture.Height);
        var shrink = Math.Max(1f, longest / 192f);
        return new(picture, step, Math.Max(1, (int)(picture.Width / shrink)), Math.Max(1, (int)(picture.Height / shrink)));
    }

    public void PaintRow(int row, Span<byte> rgb)
    {
        for (var column = 0; column < Width; column++)
        {
            var colour = _scene.At((column + 0.5f) * _scale, (row + 0.5f) * _scale);
            if (_grainStrength > 0)
                colour = Colour.Mix(colour, new(_grain.Lattice(column, row), _grain.Lattice(column, row + 7919), _grain.Lattice(column + 7919, row)), _grainStrength);
            rgb[column * 3] = ToByte(colour.X);
            rgb[column * 3 + 1] = ToByte(colour.Y);
            rgb[column * 3 + 2] = ToByte(colour.Z);
        }
    }

    private static bool Mentions(string prompt, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (prompt.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static byte ToByte(float channel) => (byte)(Math.Clamp(channel, 0, 1) * 255 + 0.5f);

    private static uint Hash(string text) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
