using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;
using Aigc.Testing;
using Xunit.Abstractions;

namespace Aigc.Engines.Tests.Fuzzing;

public sealed class CodeFuzz(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Pieces = ["code", "a", "b", "c", "'; DROP TABLE codes; --", "%", "_", "*", "\0", "名"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>A plain dictionary is the rule: a code is taken once, by the very one it was made for, within its time.</summary>
    [Fact]
    public void A_code_is_good_once_and_only_itself()
    {
        var time = new Clock();
        var tracker = new FileTracker(_folder.ConnectionString("codes"), time);
        var rule = new Dictionary<SignInKey, OneTimeCode>();
        var made = new List<SignInKey>();
        var random = new Random(1);
        Fuzz.Run(4_000, Pieces, output.WriteLine, text =>
        {
            time.Now += TimeSpan.FromSeconds(random.Next(5));
            var key = random.Next(3) == 0 && made.Count > 0 ? made[random.Next(Math.Max(0, made.Count - 8), made.Count)] : SignInKey.Of(text);
            if (random.Next(2) == 0 && !made.Contains(key))
            {
                var code = new OneTimeCode(key, EngineId.New(), $"browser {made.Count}", SignInKey.Of("dashboard"), time.Now + TimeSpan.FromSeconds(60));
                made.Add(key);
                rule[key] = code;
                tracker.PutCodeAsync(code, default).GetAwaiter().GetResult();
                return;
            }
            var expected = rule.Remove(key, out var kept) && kept.ExpiresAt > time.Now ? kept : null;
            tracker.TakeCodeAsync(key, default).GetAwaiter().GetResult().ShouldBe(expected, $"code {made.IndexOf(key)}");
        });
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
