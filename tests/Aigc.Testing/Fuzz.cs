using System.Globalization;
using System.Text;

namespace Aigc.Testing;

/// <summary>
/// Many inputs from one seed: pieces that mean something where they go, noise between them, and earlier inputs with a
/// piece changed. AIGC_FUZZ_SEED runs the same ones again.
/// </summary>
/// <param name="pieces">What the rules under test look for, and what is nearly so.</param>
public sealed class Fuzz(string[] pieces, int seed)
{
    private const string Noise = "\0\t\n\v\r !\"#%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~\u007f\u0085\u00a0\u00e9\u00ff\u0131\u017f\u2028\u212a\ufeff\uff0f\ud800\udc00";
    private const int MaxPieces = 12;

    // Reproducible on purpose.
    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private string _before = "";

    /// <summary>Checks so many inputs; one that breaks the rule fails the test with its seed, and the input as C# would write it.</summary>
    /// <param name="print">Where the seed is told.</param>
    public static void Run(int count, string[] pieces, Action<string> print, Action<string> check)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AIGC_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        print($"AIGC_FUZZ_SEED={seed}, {count} inputs");
        var fuzz = new Fuzz(pieces, seed);
        for (var i = 0; i < count; i++)
        {
            var input = fuzz.Next();
            try
            {
                check(input);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Input {i} of AIGC_FUZZ_SEED={seed} breaks the rule: {Show(input)}", error);
            }
        }
    }

    /// <summary>An assertion that costs nothing while it holds.</summary>
    public static void Require(bool holds, string? what)
    {
        if (!holds)
            throw new InvalidOperationException($"The rule does not hold: {what}");
    }

    public string Next()
    {
        _text.Clear();
        if (_before.Length > 0 && _random.Next(4) == 0)
        {
            // A near miss often tells more than something new.
            var at = _random.Next(_before.Length);
            _text.Append(_before, 0, at).Append(Piece()).Append(_before, at + _random.Next(2), _before.Length - at - 1);
        }
        else
        {
            for (var left = _random.Next(1, MaxPieces); left > 0; left--)
                _text.Append(Piece());
        }
        return _before = _text.ToString();
    }

    private string Piece() => _random.Next(3) == 0
        ? Noise[_random.Next(Noise.Length)].ToString()
        : pieces[_random.Next(pieces.Length)];

    private static string Show(string input) =>
        '"' + string.Concat(input.Select(c => c is >= ' ' and <= '~' and not ('"' or '\\') ? c.ToString() : $"\\u{(int)c:x4}")) + '"';
}
