namespace Aigc.Worker.Local;

/// <summary>One start of an engine. Written before anything is forked, so that nothing ever runs without one.</summary>
/// <param name="Port">0: adopted without a record; where it listens is not known.</param>
/// <param name="Boot">The machine's boot that it was started in: no process outlives its boot.</param>
/// <param name="StartedTick">The same moment by the monotonic clock, which all processes of a boot share: how long ago it was does not depend on the time of day.</param>
/// <param name="EndedAt">When its end was noticed, if nobody was there to see it.</param>
internal sealed record RunRecord(
    string Uid,
    long Generation,
    int Port,
    DateTimeOffset StartedAt,
    string Boot,
    long StartedTick = 0,
    DateTimeOffset? StopRequestedAt = null,
    long StopRequestedTick = 0,
    DateTimeOffset? EndedAt = null)
{
    public Uri? Address => Port == 0 ? null : new Uri($"http://127.0.0.1:{Port}");
}

/// <param name="Code">Null when nobody was there to see it.</param>
internal sealed record ExitRecord(int? Code, DateTimeOffset At);
