using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.DemoEngine.Generating;

/// <summary>One field that cannot be used, and a sentence why.</summary>
internal sealed record FieldError(string Field, string Message);

/// <summary>Reads fields of a request within their limits and collects everything that is wrong.</summary>
internal sealed class OrderFields
{
    private const int LongestPrompt = 4_000;
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public string Prompt(JsonObject from, string field)
    {
        if (from[field] is not { } node)
            return "";
        if (node.GetValueKind() != JsonValueKind.String)
            return Wrong(field, "must be text", "");
        var text = node.GetValue<string>();
        return text.Length <= LongestPrompt ? text : Wrong(field, $"must have at most {LongestPrompt} characters", "");
    }

    public int Steps(JsonObject from) => Number(from, "steps", 20, 1, 1_000);

    public int Side(JsonObject from, string field) => Number(from, field, 512, 64, 2_048);

    public int Batch(JsonObject from, string field) => Number(from, field, 1, 1, 8);

    /// <summary>-1, the habit of both APIs, draws a seed.</summary>
    public ulong Seed(JsonObject from)
    {
        if (from["seed"] is not { } node)
            return RandomSeed();
        if (node.GetValueKind() == JsonValueKind.Number)
        {
            if (node.AsValue().TryGetValue(out ulong seed))
                return seed;
            if (node.AsValue().TryGetValue(out long negative) && negative == -1)
                return RandomSeed();
        }
        return Wrong("seed", "must be a whole number from 0 to 18446744073709551615, or -1 for a random one", 0UL);
    }

    public void Require(bool condition, string field, string message)
    {
        if (!condition)
            _errors.Add(new(field, $"{field} {message}."));
    }

    private int Number(JsonObject from, string field, int absent, int min, int max)
    {
        if (from[field] is not { } node)
            return absent;
        return node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out int value) && value >= min && value <= max
            ? value
            : Wrong(field, $"must be a whole number from {min} to {max}", absent);
    }

    private T Wrong<T>(string field, string message, T instead)
    {
        Require(false, field, message);
        return instead;
    }

    private static ulong RandomSeed() => (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
}
