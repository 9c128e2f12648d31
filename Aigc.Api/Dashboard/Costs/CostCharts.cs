using Aigc.Api.Dashboard.Charts;
using Aigc.Api.Dashboard.Words;
using Aigc.Engines.Metering;

namespace Aigc.Api.Dashboard.Costs;

/// <summary>What costs and use look like from day to day.</summary>
/// <param name="Days">Those that have begun.</param>
/// <param name="Waits">Of the days on which something started.</param>
/// <param name="Capacity">In GPUs; null: unknown, or not what the reader's use is to be compared with.</param>
internal sealed record CostCharts(Text Text, string Currency, IReadOnlyList<CostDay> Days, IReadOnlyList<WaitDay> Waits, double? Capacity)
{
    private static readonly CostKind[] Kinds = Enum.GetValues<CostKind>();

    public IReadOnlyList<Chart> All => [Costs, Gpus, QueueWait, WakeTime, Saved];

    private IReadOnlyList<(string Name, string Short)> Places => [.. Days.Select(day => (Text.DayName(day.Day), Text.ShortDay(day.Day)))];

    private Chart Costs
    {
        get
        {
            var kinds = Kinds.Where(kind => Days.Any(day => day.Sum[kind] != 0)).DefaultIfEmpty(CostKind.Use).ToList();
            return new(
                "chart-cost", Text.CostOverTime, Text.ADay(Text.CurrencyName(Currency)),
                Text.InAll(Money(Days.Sum(day => day.Sum.Micros) / 1e6)) + Highest(day => day.Sum.Micros / 1e6, Money), Places,
                [.. kinds.Select(kind => new Series(Text.CostKindName(kind), SeriesShape.Bars, Values(day => day.Sum[kind] / 1e6), (int)kind))], Money, Text.AxisMark);
        }
    }

    private Chart Gpus
    {
        get
        {
            List<Series> series =
            [
                new(Text.GpusMean, SeriesShape.Bars, Values(day => day.MeanGpus), 0),
                new(Text.GpusBusiest, SeriesShape.Line, Values(day => day.BusiestGpus), 1),
            ];
            if (Capacity is { } capacity)
                series.Add(new(Text.GpusCapacity, SeriesShape.Limit, Values(_ => capacity), 4));
            return new(
                "chart-gpus", Text.GpusInUse, Text.GpusUnit,
                (Capacity is { } there ? Text.OfCapacity(Text.Hours(there)) : "") + Highest(day => day.BusiestGpus, Text.Hours), Places, series, Text.Hours, Text.AxisMark);
        }
    }

    private Chart QueueWait => Waiting("chart-queue", Text.QueueWait, day => day.Queued50, day => day.Queued95);

    private Chart WakeTime => Waiting("chart-wake", Text.WakeTime, day => day.Woken50, day => day.Woken95);

    private Chart Saved
    {
        get
        {
            var (saved, always) = (Days.Sum(day => day.SavedHours), Days.Sum(day => day.AlwaysOnHours));
            return new(
                "chart-saved", Text.HoursSaved, Text.ADay(Text.EngineHours),
                always > 0 ? Text.SavedOf(Text.Hours(saved), Text.Percent(saved / always)) : Text.NothingToShow, Places,
                [
                    new(Text.AwakeHours, SeriesShape.Bars, Values(day => day.Sum.AwakeHours), 0),
                    new(Text.HoursAsleep, SeriesShape.Bars, Values(day => day.SavedHours), 3),
                ],
                Text.Hours, Text.AxisMark);
        }
    }

    private Chart Waiting(string id, string title, Func<WaitDay, TimeSpan> half, Func<WaitDay, TimeSpan> most)
    {
        var waits = Waits.ToDictionary(day => day.Day);
        var longest = Waits.Count > 0 ? Waits.MaxBy(most) : null;
        return new(
            id, title, Text.Seconds, longest is null ? Text.NothingToShow : Text.HighestOn($"{Text.Hours(most(longest).TotalSeconds)} {Text.Seconds}", longest.Day), Places,
            [new(Text.HalfOfStarts, SeriesShape.Line, Of(half), 0), new(Text.MostStarts, SeriesShape.Line, Of(most), 1)], Text.Hours, Text.AxisMark);

        IReadOnlyList<double?> Of(Func<WaitDay, TimeSpan> value) => [.. Days.Select(day => waits.TryGetValue(day.Day, out var wait) ? value(wait).TotalSeconds : (double?)null)];
    }

    private IReadOnlyList<double?> Values(Func<CostDay, double> value) => [.. Days.Select(day => (double?)value(day))];

    private string Highest(Func<CostDay, double> value, Func<double, string> show) =>
        Days.Count == 0 || Days.MaxBy(value) is not { } day || value(day) <= 0 ? Text.NothingToShow : Text.HighestOn(show(value(day)), day.Day);

    private string Money(double amount) => Text.Money((long)Math.Round(amount * 1e6), Currency);
}
