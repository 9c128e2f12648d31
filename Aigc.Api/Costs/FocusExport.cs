using System.Globalization;
using Aigc.Api.Csv;
using Aigc.Engines.Gateway;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Costs;

/// <summary>
/// Charges in the columns of the FinOps Open Cost and Usage Specification: all that version 1.0 calls mandatory, those of its
/// conditional ones whose condition holds here, and our own with the prefix <c>x_</c>. What is null is empty.
/// </summary>
public sealed class FocusExport(CostStore store, IOptions<StudioOptions> studio, IOptions<GatewayOptions> gateway)
{
    public const string Version = "1.0";

    private const string Us = "AIGC Workbench";

    private sealed record Row(Charge Charge, string Currency, string Account, string? EngineName, TimeZoneInfo Zone)
    {
        public bool IsUsage => Charge.Kind != CostKind.Unallocated;

        public DateTimeOffset Month => Days.BeginOf(new(Charge.Day.Year, Charge.Day.Month, 1), Zone);

        public DateTimeOffset NextMonth => Days.BeginOf(new DateOnly(Charge.Day.Year, Charge.Day.Month, 1).AddMonths(1), Zone);

        /// <summary>GPU-hours, or GiB-months.</summary>
        public decimal? Quantity => !IsUsage ? null : Charge.IsCompute
            ? Charge.Amount * (decimal)Charge.Milliseconds / 3_600_000_000m
            : Charge.Amount / (decimal)(1L << 30) * Charge.Milliseconds / (3_600_000m * Aigc.Engines.Metering.Costs.HoursPerMonth);

        public string? Unit => !IsUsage ? null : Charge.IsCompute ? "GPU-Hours" : "GiB-Months";
    }

    private static readonly (string Name, Func<Row, string> Of)[] Columns =
    [
        ("BilledCost", row => Cost(row.Charge.Micros)),
        ("BillingAccountId", row => CsvText.Field(row.Account)),
        ("BillingAccountName", row => CsvText.Field(row.Account)),
        ("BillingCurrency", row => row.Currency),
        ("BillingPeriodEnd", row => Time(row.NextMonth)),
        ("BillingPeriodStart", row => Time(row.Month)),
        ("ChargeCategory", row => row.IsUsage ? "Usage" : "Adjustment"),
        ("ChargeClass", _ => ""),
        ("ChargeDescription", row => CsvText.Field(Describe(row.Charge))),
        ("ChargeFrequency", _ => "Usage-Based"),
        ("ChargePeriodEnd", row => Time(row.Charge.Until)),
        ("ChargePeriodStart", row => Time(row.Charge.From)),
        ("ConsumedQuantity", row => CsvText.Number(row.Quantity)),
        ("ConsumedUnit", row => row.Unit ?? ""),
        ("ContractedCost", row => Cost(row.Charge.Priced)),
        ("EffectiveCost", row => Cost(row.Charge.Micros)),
        ("InvoiceIssuerName", _ => CsvText.Field(Us)),
        ("ListCost", row => Cost(row.Charge.Priced)),
        ("PricingQuantity", row => CsvText.Number(row.Quantity)),
        ("PricingUnit", row => row.Unit ?? ""),
        ("ProviderName", _ => CsvText.Field(Us)),
        ("PublisherName", _ => CsvText.Field(Us)),
        ("ResourceId", row => CsvText.Field(row.Charge.Engine?.Value)),
        ("ResourceName", row => CsvText.Field(row.EngineName)),
        ("ResourceType", row => row.IsUsage ? row.Charge.IsCompute ? "Engine" : "Disk" : ""),
        ("ServiceCategory", row => row.Charge.Kind == CostKind.Disk ? "Storage" : "Compute"),
        ("ServiceName", row => row.Charge.Kind == CostKind.Disk ? "Disks" : "Engines"),
        ("SubAccountId", row => CsvText.Field(row.Charge.Group?.Value)),
        ("SubAccountName", row => CsvText.Field(row.Charge.Group?.Value)),
        ("x_CostKind", row => row.Charge.Kind.ToString()),
        ("x_OwnerId", row => CsvText.Field(row.Charge.Owner?.Value)),
        ("x_Pool", row => CsvText.Field(row.Charge.Pool)),
        ("x_Template", row => CsvText.Field(row.Charge.Template)),
        ("x_TemplateVersion", row => CsvText.Field(row.Charge.TemplateVersion)),
    ];

    public static IReadOnlyList<string> ColumnNames { get; } = [.. Columns.Select(column => column.Name)];

    public async Task WriteAsync(HttpResponse response, CostQuestion question, IAsyncEnumerable<Charge> charges, CancellationToken cancellationToken)
    {
        var names = await store.NamesAsync(CostDimension.Engine, cancellationToken);
        CsvText.Begin(response, string.Create(CultureInfo.InvariantCulture, $"focus-{Version}-{question.From:yyyy-MM-dd}-{question.To:yyyy-MM-dd}.csv"));
        await response.WriteAsync(string.Join(',', ColumnNames) + "\r\n", cancellationToken);
        var (currency, account, zone) = (studio.Value.Currency, gateway.Value.PublicUrl.Host, studio.Value.Zone);
        await foreach (var charge in charges.WithCancellation(cancellationToken))
        {
            if (charge.Milliseconds == 0)
                continue;
            var row = new Row(charge, currency, account, charge.Engine is { } engine ? names.GetValueOrDefault(engine.Value) : null, zone);
            await response.WriteAsync(string.Join(',', Columns.Select(column => column.Of(row))) + "\r\n", cancellationToken);
        }
    }

    private static string Describe(Charge charge) => charge.Kind switch
    {
        CostKind.Use => $"GPU of {charge.Template} in use, pool {NameOf(charge.Pool)}",
        CostKind.Idle => $"GPU of {charge.Template} awake without use, pool {NameOf(charge.Pool)}",
        CostKind.Shared => $"GPU of {charge.Template} opened for somebody else, pool {NameOf(charge.Pool)}",
        CostKind.Disk => $"Disk of {charge.Template}",
        _ => $"Capacity of pool {NameOf(charge.Pool)} that was paid for and not used",
    };

    private static string NameOf(string pool) => pool.Length == 0 ? "(none)" : pool;

    private static string Cost(long micros) => CsvText.Number(Money.Of(micros));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
