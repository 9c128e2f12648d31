using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aigc.Cluster.Tests;

/// <summary>What a worker says to whoever reads its log: warnings and errors, with what caused them.</summary>
internal sealed class WorkerLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose()
    {
        // The lines outlive the worker: they are read after it.
    }

    private sealed class Logger(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                lines.Enqueue($"{formatter(state, exception)} {exception?.Message}".TrimEnd());
        }
    }
}
