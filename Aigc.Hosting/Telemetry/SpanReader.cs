namespace Aspire.Hosting.Telemetry;

/// <summary>Reads ExportTraceServiceRequest.</summary>
internal static class SpanReader
{
    private static readonly string[] Kinds = ["", "internal", "server", "client", "producer", "consumer"];

    /// <exception cref="InvalidDataException">A span without an id.</exception>
    public static List<Span> Read(byte[] request) => [.. Otlp.Records(request).Select(entry => Read(entry.Service, entry.Record))];

    private static Span Read(string service, Field record)
    {
        var span = new Span { Service = service };
        var attributes = new List<KeyValuePair<string, string>>();
        var links = new List<string>();
        foreach (var field in record.Message)
        {
            switch (field.Number)
            {
                case 1: span = span with { TraceId = Id(field, 16) }; break;
                case 2: span = span with { Id = Id(field, 8) }; break;
                case 4 when field.Length > 0: span = span with { ParentId = Id(field, 8) }; break;
                case 5: span = span with { Name = Otlp.Cut(field.Text) }; break;
                case 6: span = span with { Kind = Kinds[field.UInt64 < (ulong)Kinds.Length ? (int)field.UInt64 : 0] }; break;
                case 7: span = span with { Start = Otlp.Time(field) }; break;
                case 8: span = span with { End = Otlp.Time(field) }; break;
                case 9: attributes.Add(Otlp.Attribute(field)); break;
                case 13: links.AddRange(field.Message.Where(link => link.Number == 1).Select(link => Id(link, 16))); break;
                case 15:
                    foreach (var status in field.Message)
                    {
                        if (status.Number == 2) span = span with { Message = Otlp.Cut(status.Text) };
                        else if (status.Number == 3) span = span with { Failed = status.UInt64 == 2 };
                    }

                    break;
            }
        }

        if (span.TraceId.Length == 0 || span.Id.Length == 0) throw new InvalidDataException("A span has no id.");
        return span with { Attributes = attributes, Links = links };
    }

    private static string Id(Field field, int bytes) =>
        field.Length == bytes ? field.Hex : throw new InvalidDataException($"An id has {field.Length} bytes instead of {bytes}.");
}
