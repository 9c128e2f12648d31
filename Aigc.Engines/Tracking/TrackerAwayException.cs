namespace Aigc.Engines.Tracking;

/// <summary>The session tracker can't be asked right now. Whoever can go on without it does; the message says what is wrong, without secrets.</summary>
public sealed class TrackerAwayException(string message, Exception? inner = null) : Exception(message, inner);
