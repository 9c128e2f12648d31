using Aigc.Engines.Tracking.Redis;
using Microsoft.Extensions.Logging;

namespace Aigc.Engines.Tests.Tracking;

/// <summary>What went wrong, in the test's output.</summary>
internal sealed class TestLog : ILogger<RedisTracker>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Console.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel}: {formatter(state, exception)} {exception?.Message}");
}
