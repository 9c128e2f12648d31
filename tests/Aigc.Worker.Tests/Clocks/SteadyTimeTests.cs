using Aigc.Worker.Clocks;
using Microsoft.Extensions.Logging;

namespace Aigc.Worker.Tests.Clocks;

/// <summary>What is at stake: an engine put to sleep in the middle of work, or failed while it loads, because somebody set the machine's clock.</summary>
public sealed class SteadyTimeTests : ILogger<SteadyTime>
{
    private readonly ManualClock _machine = new();
    private int _warnings;

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_clock_set_by_an_hour_is_followed_by_at_most_a_tenth_of_real_time(int seconds)
    {
        var steady = new SteadyTime(_machine, this);
        var before = steady.GetUtcNow();
        _machine.Set(TimeSpan.FromSeconds(seconds));
        steady.GetUtcNow().ShouldBe(before);

        for (var i = 0; i < 600; i++)
            Passes(steady, TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(seconds > 0 ? 1.1 : 0.9));
        for (var i = 0; i < 11; i++)
            Passes(steady, TimeSpan.FromHours(1));
        steady.GetUtcNow().ShouldBe(_machine.GetUtcNow());
        Passes(steady, TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(1));
        _warnings.ShouldBe(1);
    }

    [Fact]
    public void It_never_goes_back_and_tells_of_each_step_once()
    {
        var steady = new SteadyTime(_machine, this);
        var random = new Random(7);
        var steps = 0;
        for (var i = 0; i < 2000; i++)
        {
            if (random.Next(50) == 0)
            {
                _machine.Set(TimeSpan.FromSeconds(random.Next(2, 7200) * (random.Next(2) * 2 - 1)));
                steps++;
            }

            var real = TimeSpan.FromSeconds(random.NextDouble() * 5);
            var passed = Passes(steady, real);
            passed.ShouldBeInRange(real * 0.9 - TimeSpan.FromTicks(2), real * 1.1 + TimeSpan.FromTicks(2));
        }

        _warnings.ShouldBe(steps);
    }

    [Fact]
    public void What_a_time_server_corrects_each_day_is_not_told()
    {
        var steady = new SteadyTime(_machine, this);
        _machine.Set(TimeSpan.FromMilliseconds(200));
        Passes(steady, TimeSpan.FromSeconds(10)).ShouldBe(TimeSpan.FromSeconds(10.2));
        _warnings.ShouldBe(0);
    }

    private TimeSpan Passes(SteadyTime steady, TimeSpan real)
    {
        var before = steady.GetUtcNow();
        _machine.Advance(real);
        return steady.GetUtcNow() - before;
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _warnings++;
}
