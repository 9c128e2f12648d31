using System.Globalization;

namespace Aigc.Engines.Metering;

/// <summary>Charges by one dimension, and all together.</summary>
public sealed class CostTable(CostDimension by)
{
    private readonly Dictionary<string, CostSum> _rows = new(StringComparer.Ordinal);

    public CostDimension By => by;

    public CostSum Total { get; } = new();

    /// <summary>Days in their order, everything else with the dearest first. What belongs to nobody has an empty key.</summary>
    public IReadOnlyList<(string Key, CostSum Sum)> Rows =>
    [
        .. (by == CostDimension.Day
            ? _rows.OrderBy(row => row.Key, StringComparer.Ordinal)
            : _rows.OrderByDescending(row => row.Value.Micros).ThenBy(row => row.Key, StringComparer.Ordinal)).Select(row => (row.Key, row.Value)),
    ];

    public void Add(Charge charge)
    {
        Total.Add(charge);
        var key = KeyOf(charge);
        if (!_rows.TryGetValue(key, out var row))
            _rows[key] = row = new();
        row.Add(charge);
    }

    private string KeyOf(Charge charge) => by switch
    {
        CostDimension.Person => charge.Owner?.Value ?? "",
        CostDimension.Group => charge.Group?.Value ?? "",
        CostDimension.Template => charge.Template,
        CostDimension.Version => charge.Template.Length == 0 ? "" : $"{charge.Template} {charge.TemplateVersion}",
        CostDimension.Pool => charge.Pool,
        CostDimension.Engine => charge.Engine?.Value ?? "",
        _ => charge.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
