namespace Aigc.Engines.Lifecycle;

/// <summary>One line of an engine's history; append-only.</summary>
/// <param name="Actor">Who asked, when somebody did.</param>
public sealed record EngineEvent(long Id, EngineId Engine, DateTimeOffset At, EngineState State, Reason Reason, string? Actor);
