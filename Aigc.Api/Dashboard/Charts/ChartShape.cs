using System.Globalization;
using System.Text;

namespace Aigc.Api.Dashboard.Charts;

/// <summary>Where everything of a chart is, in units of its view box.</summary>
internal sealed class ChartShape
{
    public const double Width = 380;
    public const double Height = 200;

    private const double Left = 46;
    private const double Right = 8;
    private const double Top = 10;
    private const double Bottom = 24;

    /// <summary>As many names fit below the axis.</summary>
    private const int MostNames = 5;

    private readonly Chart _chart;
    private readonly double _step;

    public ChartShape(Chart chart)
    {
        _chart = chart;
        var highest = Highest(chart) is > 0 and var some ? some : 1;
        _step = StepFor(highest);
        Ceiling = Math.Ceiling((highest / _step) - 1e-9) * _step;
    }

    /// <summary>The highest mark of the axis.</summary>
    public double Ceiling { get; }

    public static double AxisLeft => Left;

    public static double AxisRight => Width - Right;

    public static double Floor => Height - Bottom;

    public IEnumerable<(double Value, double Y)> Marks
    {
        get
        {
            for (var i = 0; i * _step <= Ceiling * 1.0001; i++)
                yield return (i * _step, Y(i * _step));
        }
    }

    public IEnumerable<(string Name, double X)> Names
    {
        get
        {
            var every = Math.Max(1, (int)Math.Ceiling(_chart.Places.Count / (double)MostNames));
            for (var i = 0; i < _chart.Places.Count; i += every)
                yield return (_chart.Places[i].Short, Middle(i));
        }
    }

    /// <summary>The bars of the series with this number, as one path.</summary>
    public string Bars(int number)
    {
        var path = new StringBuilder();
        var width = Math.Max(1, Slot * 0.72);
        for (var i = 0; i < _chart.Places.Count; i++)
        {
            if (_chart.Series[number].Values[i] is not { } value || value <= 0)
                continue;
            var below = _chart.Series.Take(number).Where(series => series.Shape == SeriesShape.Bars).Sum(series => series.Values[i] ?? 0);
            var (top, bottom) = (Y(below + value), Y(below));
            path.Append(CultureInfo.InvariantCulture, $"M{Middle(i) - (width / 2):0.##} {top:0.##}h{width:0.##}V{bottom:0.##}h{-width:0.##}z");
        }

        return path.ToString();
    }

    /// <summary>A line through the values; where one is missing it is interrupted.</summary>
    public string Line(int number)
    {
        var path = new StringBuilder();
        var on = false;
        foreach (var (i, value) in _chart.Series[number].Values.Index())
        {
            if (value is { } there)
                path.Append(CultureInfo.InvariantCulture, $"{(on ? 'L' : 'M')}{Middle(i):0.##} {Y(there):0.##}");
            on = value is not null;
        }

        return path.ToString();
    }

    /// <summary>From edge to edge, at the last value.</summary>
    public string Limit(int number) => _chart.Series[number].Values.LastOrDefault(value => value is not null) is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"M{AxisLeft:0.##} {Y(value):0.##}H{AxisRight:0.##}")
        : "";

    /// <summary>Points of a line that stand alone, and would not be seen.</summary>
    public IEnumerable<(double X, double Y)> Dots(int number)
    {
        var values = _chart.Series[number].Values;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is { } value && (i == 0 || values[i - 1] is null) && (i == values.Count - 1 || values[i + 1] is null))
                yield return (Middle(i), Y(value));
        }
    }

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private double Slot => (AxisRight - AxisLeft) / Math.Max(1, _chart.Places.Count);

    private double Middle(int place) => AxisLeft + ((place + 0.5) * Slot);

    private double Y(double value) => Floor - (value / Ceiling * (Floor - Top));

    private static double Highest(Chart chart)
    {
        var highest = 0.0;
        for (var i = 0; i < chart.Places.Count; i++)
        {
            highest = Math.Max(highest, chart.Series.Where(series => series.Shape == SeriesShape.Bars).Sum(series => series.Values[i] ?? 0));
            highest = Math.Max(highest, chart.Series.Where(series => series.Shape != SeriesShape.Bars).Max(series => series.Values[i]) ?? 0);
        }

        return highest;
    }

    /// <summary>A round step that makes three to five marks.</summary>
    private static double StepFor(double highest)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(highest / 4)));
        return new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power).First(step => highest / step <= 4.0001);
    }
}
