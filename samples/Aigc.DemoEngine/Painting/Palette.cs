using System.Numerics;

namespace Aigc.DemoEngine.Painting;

/// <summary>Five colours, and the words of a prompt that ask for them.</summary>
internal sealed record Palette(Vector3 Zenith, Vector3 Horizon, Vector3 Sun, Vector3 Far, Vector3 Near, params string[] Words)
{
    private static readonly Palette[] All =
    [
        Of(0x1f2a5c, 0xf7a072, 0xfff1d0, 0x8a5a83, 0x1a1433, "sunset", "dusk", "evening", "warm", "夕阳", "日落", "黄昏"),
        Of(0x6fb4e8, 0xe9f4fb, 0xffffff, 0x8fb3c9, 0x1f3d4f, "morning", "winter", "snow", "ice", "mountain", "雪", "冬", "山"),
        Of(0x0b1030, 0x36518f, 0xf2f5ff, 0x2c3e6b, 0x060914, "night", "moon", "dark", "star", "space", "夜", "月", "星"),
        Of(0x9fd3c7, 0xf6f1d1, 0xfffbe6, 0x7fae8c, 0x173b2b, "forest", "green", "spring", "tree", "garden", "森林", "春", "树"),
        Of(0x2a8fb8, 0xbfeee2, 0xfffdea, 0x4fa7b3, 0x0b3a4e, "sea", "ocean", "lake", "water", "blue", "海", "湖", "水"),
        Of(0xe08a5b, 0xfbe3b5, 0xfffaf0, 0xc9784f, 0x4a1f1a, "desert", "autumn", "fire", "canyon", "red", "沙漠", "秋", "火"),
        Of(0x7a5cc2, 0xf6b8d4, 0xfff0f6, 0xa87bc7, 0x2a1850, "flower", "dream", "pink", "purple", "magic", "花", "梦"),
        Of(0x16313a, 0x7ef0c5, 0xeafff6, 0x2f7f80, 0x07161b, "aurora", "neon", "cyber", "city", "robot", "极光", "城市", "机器"),
    ];

    /// <summary>The palette that the prompt's words name, or one drawn from its hash; tinted a little by a second one.</summary>
    public static Palette For(string prompt, uint hash)
    {
        var named = Array.Find(All, p => p.Words.Any(w => prompt.Contains(w, StringComparison.OrdinalIgnoreCase)));
        var tint = All[(hash >> 8) % All.Length];
        return (named ?? All[hash % All.Length]).Blend(tint, named is null ? 0.3f : 0.12f);
    }

    private Palette Blend(Palette other, float t) => new(
        Colour.Mix(Zenith, other.Zenith, t), Colour.Mix(Horizon, other.Horizon, t), Colour.Mix(Sun, other.Sun, t),
        Colour.Mix(Far, other.Far, t), Colour.Mix(Near, other.Near, t));

    private static Palette Of(int zenith, int horizon, int sun, int far, int near, params string[] words) => new(
        Colour.FromRgb(zenith), Colour.FromRgb(horizon), Colour.FromRgb(sun), Colour.FromRgb(far), Colour.FromRgb(near), words);
}

internal static class Colour
{
    public static Vector3 FromRgb(int rgb) => new Vector3((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255) / 255f;

    // Not Vector3.Lerp: that may use fused multiply-add, which rounds differently between processors.
    public static Vector3 Mix(Vector3 a, Vector3 b, float t) => a + (b - a) * t;
}
