namespace Aspire.Hosting.ApplicationModel;

/// <param name="LineNumber">From 1, over all restarts.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
