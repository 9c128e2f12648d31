using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Tracking;

/// <summary>One proxy's word on one engine.</summary>
/// <param name="Open">Requests that hold the engine awake right now.</param>
/// <param name="LastActivity">The newest activity this proxy has seen; null: none since it started.</param>
public readonly record struct LeaseReport(EngineId Engine, int Open, DateTimeOffset? LastActivity);

/// <summary>All living proxies' words on one engine together.</summary>
public readonly record struct EngineActivity(int Open, DateTimeOffset? LastActivity);
