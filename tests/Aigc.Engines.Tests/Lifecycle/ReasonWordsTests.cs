using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Tests.Lifecycle;

/// <summary>Nobody is shown a code instead of a sentence.</summary>
public sealed class ReasonWordsTests
{
    public static TheoryData<string> Codes =>
        [.. typeof(Reasons).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_reason_is_a_sentence_in_both_languages(string code)
    {
        foreach (var detail in new[] { null, "3", "1\nlast line" })
        {
            var reason = new Reason(code, detail);
            ReasonWords.For(reason, "en").ShouldMatch(@"\A[A-Z][^{}]* [^{}]*\.(\n[\s\S]*)?\z");
            ReasonWords.For(reason, "zh").ShouldMatch(@"\A\p{IsCJKUnifiedIdeographs}[^{}]*。(\n[\s\S]*)?\z");
        }
    }

    [Fact]
    public void Details_are_part_of_the_sentence()
    {
        ReasonWords.For(new(Reasons.Queued, "3"), "en").ShouldBe("Waiting for its turn, number 3 in the queue.");
        ReasonWords.For(new(Reasons.Exited, "137\nloading\nout of memory\n"), "en").ShouldBe(
            "Its program ended with exit code 137. Read its last lines, then wake the engine again.\nloading\nout of memory");
        ReasonWords.For(new(Reasons.NeverReady, "answered 500"), "en").ShouldContain("(last seen: answered 500)");
        ReasonWords.For(new(Reasons.CommandMissing, "python3"), "zh").ShouldContain("“python3”");
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_has_a_word_in_both_languages(EngineState state)
    {
        StateWords.For(state, "en").ShouldNotBeEmpty();
        StateWords.For(state, "zh").ShouldMatch(@"\A\p{IsCJKUnifiedIdeographs}+\z");
    }

    public static TheoryData<EngineState> States => [.. Enum.GetValues<EngineState>()];
}
