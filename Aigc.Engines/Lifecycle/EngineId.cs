using System.Buffers;

namespace Aigc.Engines.Lifecycle;

/// <summary>Names one engine and its disk for ever: an id is never given to a second engine, so a disk is never inherited.</summary>
public readonly record struct EngineId(string Value)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static EngineId New() => new(Guid.CreateVersion7().ToString("N"));

    /// <summary>Accepts what <see cref="New"/> makes (32 lower-case hexadecimal digits) and nothing else: ids become folder names.</summary>
    public static bool TryParse(string? text, out EngineId id)
    {
        id = new(text ?? "");
        return text is { Length: 32 } && !text.AsSpan().ContainsAnyExcept(Digits);
    }

    public override string ToString() => Value;
}
