namespace Aigc.Worker.Reconciling;

/// <param name="Free">The part of its cards; 0 while people wait for it.</param>
/// <param name="IsWaitedFor">Whether people wait for it.</param>
public readonly record struct PoolRoom(double Free, bool IsWaitedFor);
