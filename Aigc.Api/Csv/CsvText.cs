using System.Buffers;
using System.Globalization;

namespace Aigc.Api.Csv;

/// <summary>Fields as RFC 4180 has them, which no spreadsheet runs.</summary>
internal static class CsvText
{
    public const string ContentType = "text/csv; charset=utf-8; header=present";

    // A spreadsheet takes what begins so for a formula, and runs it.
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create("=+-@\t\r");

    public static string Field(string? text) => string.IsNullOrEmpty(text)
        ? ""
        : $"\"{(BeginsFormula.Contains(text[0]) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Number(decimal? number) => number?.ToString("0.##########", CultureInfo.InvariantCulture) ?? "";

    public static void Begin(HttpResponse response, string fileName)
    {
        response.ContentType = ContentType;
        response.Headers.ContentDisposition = $"attachment; filename={fileName}";
        response.Headers.CacheControl = "no-store";
    }
}
