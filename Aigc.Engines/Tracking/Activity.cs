using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Tracking;

/// <summary>One proxy's word on one engine.</summary>
/// <param name="Open">Requests that hold the engine awake right now.</param>
/// <param name="Quiet">How long ago the newest activity was that this proxy has seen; null: none since it started. Ages, not times: clocks need not agree.</param>
public readonly record struct LeaseReport(EngineId Engine, int Open, TimeSpan? Quiet);

/// <summary>All living proxies' words on one engine together.</summary>
/// <param name="Quiet">How long ago the newest activity was; null: none was reported.</param>
public readonly record struct EngineActivity(int Open, TimeSpan? Quiet);
