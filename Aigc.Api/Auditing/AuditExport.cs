using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Aigc.Engines.Auditing;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Auditing;

/// <summary>Writes all that fits, however much it is, a page at a time.</summary>
public sealed class AuditExport(AuditLog log, IOptions<JsonOptions> json)
{
    private const int PageLength = 1_000;

    // A spreadsheet takes what begins so for a formula, and runs it.
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create("=+-@\t\r");

    private static readonly string Header = string.Join(
        ',', "id", "at", "action", "outcome", "actor", "actorId", "address", "targetKind", "targetId", "target", "ownerId", "detail");

    public Task WriteCsvAsync(HttpResponse response, AuditQuery query, CancellationToken cancellationToken)
    {
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = "attachment; filename=audit.csv";
        return WriteAsync(response, query, Header, Csv, cancellationToken);
    }

    public Task WriteLinesAsync(HttpResponse response, AuditQuery query, CancellationToken cancellationToken)
    {
        response.ContentType = "application/jsonl; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=audit.jsonl";
        return WriteAsync(response, query, null, one => JsonSerializer.Serialize(one, json.Value.SerializerOptions), cancellationToken);
    }

    private async Task WriteAsync(
        HttpResponse response, AuditQuery query, string? header, Func<AuditJson, string> line, CancellationToken cancellationToken)
    {
        var left = query.Limit;
        var page = await log.ReadAsync(query with { Limit = Math.Min(left, PageLength) }, cancellationToken);
        if (header is not null)
            await response.WriteAsync(header + "\r\n", cancellationToken);
        while (page.Count > 0)
        {
            foreach (var record in page)
                await response.WriteAsync(line(AuditJson.Of(record)) + (header is null ? "\n" : "\r\n"), cancellationToken);
            left -= page.Count;
            page = left == 0 ? [] : await log.ReadAsync(query with { Limit = Math.Min(left, PageLength), After = page[^1].Place }, cancellationToken);
        }
    }

    private static string Csv(AuditJson one) => string.Join(
        ',', one.Id.ToString(CultureInfo.InvariantCulture), one.At.ToString("O", CultureInfo.InvariantCulture), Field(one.Action), one.Outcome,
        Field(one.Actor), Field(one.ActorId), Field(one.Address), Field(one.TargetKind), Field(one.TargetId), Field(one.Target),
        Field(one.OwnerId), Field(one.Detail));

    private static string Field(string? text) => string.IsNullOrEmpty(text)
        ? ""
        : $"\"{(BeginsFormula.Contains(text[0]) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
