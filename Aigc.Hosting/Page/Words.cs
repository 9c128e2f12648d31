using System.Globalization;

namespace Aspire.Hosting.Page;

/// <summary>Numbers as people read them.</summary>
internal static class Words
{
    public static string Of(TimeSpan time) => time.TotalSeconds switch
    {
        >= 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
        >= 0.001 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0} µs"),
    };

    public static string Of(double number, string unit) => unit switch
    {
        "s" when number is >= 0 and < 1e9 => Of(TimeSpan.FromSeconds(number)),
        "By" when Math.Abs(number) >= 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{number / 1024 / 1024:0.0} MB"),
        _ => number.ToString(number == Math.Truncate(number) ? "0" : "0.####", CultureInfo.InvariantCulture),
    };

    public static string Clock(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Attributes(IEnumerable<KeyValuePair<string, string>> attributes) =>
        string.Join("<br>", attributes.Select(a => $"<span class=\"key\">{Layout.Encode(a.Key)}</span> {Layout.Encode(a.Value)}"));
}
