using Aigc.Simulator.Traces;

namespace Aigc.Engines.Tests.Simulating;

public sealed class TraceFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_was_written_is_read_again()
    {
        var trace = new TraceModel(seed: 3).Make(2);
        TraceFile.Write(trace, _path);
        var read = TraceFile.Read(_path, TimeZoneInfo.Utc);
        read.Artists.Select(artist => (artist.Name, artist.Group, artist.Kind, artist.Uses.Count))
            .ShouldBe(trace.Artists.Select(artist => (artist.Name, artist.Group, artist.Kind, artist.Uses.Count)));
        read.Artists[0].Uses[0].At.ShouldBe(trace.Artists[0].Uses[0].At, TimeSpan.FromMilliseconds(1));
        read.Begin.ShouldBeLessThanOrEqualTo(trace.Artists.Min(artist => artist.Uses[0].At));
    }

    [Theory]
    [InlineData("who,when\n", ":1: the first line has to be \"artist,group,")]
    [InlineData("", "there are no visits in it")]
    [InlineData(TraceFile.Header + "\n", "there are no visits in it")]
    [InlineData(TraceFile.Header + "\nalice,film,demo,1,2026-03-02T09:00:00Z,15,15\nalice,film,demo,1", ":3: 4 columns instead of 7")]
    [InlineData(TraceFile.Header + "\n ,film,demo,1,2026-03-02T09:00:00Z,15,15", ":2: artist, group and template have to be given")]
    [InlineData(TraceFile.Header + "\nalice,film,demo,9,2026-03-02T09:00:00Z,15,15", ":2: gpu_eighths is \"9\"")]
    [InlineData(TraceFile.Header + "\nalice,film,demo,1,2026-02-29T09:00:00Z,15,15", ":2: at is \"2026-02-29T09:00:00Z\"")]
    [InlineData(TraceFile.Header + "\nalice,film,demo,1,2026-03-02T09:00:00Z,-1,15", ":2: work_seconds is \"-1\"")]
    [InlineData(TraceFile.Header + "\nalice,film,demo,1,2026-03-02T09:00:00Z,15,NaN", ":2: watched_seconds is \"NaN\"")]
    [InlineData(TraceFile.Header + "\nalice,film,demo,1,2026-03-02T09:00:00Z,15,15\nalice,games,demo,1,2026-03-02T10:00:00Z,15,15", "alice has more than one group")]
    public void A_wrong_line_is_named_with_what_is_wrong(string text, string words)
    {
        File.WriteAllText(_path, text);
        Should.Throw<FormatException>(() => TraceFile.Read(_path, TimeZoneInfo.Utc)).Message.ShouldContain(words);
    }
}
