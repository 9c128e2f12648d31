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
    [InlineData("not enough nvidia.com/gpu", null, "No machine of the cluster has enough free nvidia.com/gpu. It starts", "集群中暂无足够的空闲 nvidia.com/gpu。一有")]
    [InlineData("not enough nvidia.com/gpu", 0, "nvidia.com/gpu; it is the next. It starts", "nvidia.com/gpu；下一个就轮到它。一有")]
    [InlineData("not enough cpu, nvidia.com/gpu", 1, "cpu, nvidia.com/gpu; 1 engine ahead of it. It starts", "；前面还有 1 个引擎。一有")]
    [InlineData("1 node(s) had a taint", 3, "has room for it: 1 node(s) had a taint; 3 engines ahead of it. It starts", "：1 node(s) had a taint；前面还有 3 个引擎。一有")]
    public void Who_waits_for_room_reads_what_is_short_and_how_many_are_ahead(string detail, int? ahead, string english, string chinese)
    {
        var reason = new Reason(Reasons.NoRoom, detail) { Ahead = ahead };
        ReasonWords.For(reason, "en").ShouldContain(english);
        ReasonWords.For(reason, "zh").ShouldContain(chinese);
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
