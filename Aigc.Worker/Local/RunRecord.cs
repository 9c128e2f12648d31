namespace Aigc.Worker.Local;

/// <summary>One start of an engine. Written before anything is forked, so that nothing ever runs without one.</summary>
/// <param name="Boot">The machine's boot that it was started in: no process outlives its boot.</param>
internal sealed record RunRecord(
    string Uid,
    long Generation,
    int Port,
    DateTimeOffset StartedAt,
    string Boot,
    DateTimeOffset? StopRequestedAt = null)
{
    public Uri? Address => Port == 0 ? null : new Uri($"http://127.0.0.1:{Port}");
}

/// <param name="Code">Null when nobody was there to see it.</param>
internal sealed record ExitRecord(int? Code, DateTimeOffset At);
