using System.Globalization;
using Aigc.Api.Csv;

namespace Aigc.Api.Costs;

/// <summary>A table of costs as CSV.</summary>
internal static class CostExport
{
    private static readonly string Header = string.Join(
        ',', "key", "name", "currency", "cost", "atPrices", "use", "idle", "shared", "disk", "unallocated", "gpuHours", "awakeHours", "activeHours",
        "diskGibMonths", "work", "perActiveHour", "perWork");

    public static async Task WriteAsync(
        HttpResponse response, CostQuestion question, string currency, IReadOnlyList<CostRowJson> rows, CancellationToken cancellationToken)
    {
        CsvText.Begin(response, string.Create(CultureInfo.InvariantCulture, $"costs-{question.From:yyyy-MM-dd}-{question.To:yyyy-MM-dd}.csv"));
        await response.WriteAsync(Header + "\r\n", cancellationToken);
        foreach (var row in rows)
        {
            decimal?[] numbers =
            [
                row.Cost, row.AtPrices, row.Use, row.Idle, row.Shared, row.Disk, row.Unallocated, row.GpuHours, row.AwakeHours, row.ActiveHours,
                row.DiskGibMonths, row.Work, row.PerActiveHour, row.PerWork,
            ];
            var line = string.Join(',', numbers.Select(CsvText.Number).Prepend(currency).Prepend(CsvText.Field(row.Name)).Prepend(CsvText.Field(row.Key)));
            await response.WriteAsync(line + "\r\n", cancellationToken);
        }
    }
}
