namespace Aigc.DemoEngine.Painting;

/// <summary>Everything that decides the bytes of one image.</summary>
public sealed record Picture(string Prompt, ulong Seed, int Steps, int Width, int Height)
{
    /// <summary>The text that A1111 stores in its PNG files.</summary>
    public string Parameters => $"{Prompt}\nSteps: {Steps}, Sampler: Demo formula, Seed: {Seed}, Size: {Width}x{Height}, Model: demo-formula";
}
