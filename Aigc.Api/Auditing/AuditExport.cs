using System.Globalization;
using System.Text.Json;
using Aigc.Api.Csv;
using Aigc.Engines.Auditing;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Auditing;

/// <summary>Writes all that fits, however much it is, a page at a time.</summary>
public sealed class AuditExport(AuditLog log, IOptions<JsonOptions> json)
{
    private const int PageLength = 1_000;

    private static readonly string Header = string.Join(
        ',', "id", "at", "action", "outcome", "actor", "actorId", "address", "targetKind", "targetId", "target", "ownerId", "detail");

    public Task WriteCsvAsync(HttpResponse response, AuditQuery query, CancellationToken cancellationToken)
    {
        CsvText.Begin(response, "audit.csv");
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
        ',', one.Id.ToString(CultureInfo.InvariantCulture), one.At.ToString("O", CultureInfo.InvariantCulture), CsvText.Field(one.Action), one.Outcome,
        CsvText.Field(one.Actor), CsvText.Field(one.ActorId), CsvText.Field(one.Address), CsvText.Field(one.TargetKind), CsvText.Field(one.TargetId), CsvText.Field(one.Target),
        CsvText.Field(one.OwnerId), CsvText.Field(one.Detail));
}
