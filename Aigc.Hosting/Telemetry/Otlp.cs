using System.Globalization;

namespace Aspire.Hosting.Telemetry;

/// <summary>What requests of all signals have in common. Field numbers are those of opentelemetry-proto 1.x.</summary>
internal static class Otlp
{
    /// <summary>Characters kept of one text.</summary>
    private const int MaxText = 2000;

    /// <summary>The records of an export request, each with its service and instance.</summary>
    public static IEnumerable<(string Service, string Instance, Field Record)> Records(byte[] request)
    {
        foreach (var resource in Field.Read(request).Where(field => field.Number == 1))
        {
            var fields = resource.Message.ToList();
            var attributes = fields.Where(field => field.Number == 1).SelectMany(field => field.Message).Where(field => field.Number == 1).Select(Attribute).ToList();
            var service = attributes.Find(attribute => attribute.Key == "service.name").Value ?? "unknown";
            var instance = attributes.Find(attribute => attribute.Key == "service.instance.id").Value ?? service;
            foreach (var scope in fields.Where(field => field.Number == 2))
            {
                foreach (var record in scope.Message.Where(field => field.Number == 2)) yield return (service, instance, record);
            }
        }
    }

    public static KeyValuePair<string, string> Attribute(Field attribute)
    {
        var (key, value) = ("", "");
        foreach (var field in attribute.Message)
        {
            if (field.Number == 1) key = Cut(field.Text);
            else if (field.Number == 2) value = Cut(Value(field));
        }

        return new(key, value);
    }

    /// <summary>An AnyValue as text.</summary>
    public static string Value(Field any)
    {
        foreach (var field in any.Message)
        {
            switch (field.Number)
            {
                case 1: return field.Text;
                case 2: return field.UInt64 != 0 ? "true" : "false";
                case 3: return field.Int64.ToString(CultureInfo.InvariantCulture);
                case 4: return field.Double.ToString(CultureInfo.InvariantCulture);
                case 5: return $"[{string.Join(", ", field.Message.Where(item => item.Number == 1).Select(Value))}]";
                case 6: return $"{{{string.Join(", ", field.Message.Where(item => item.Number == 1).Select(Attribute).Select(a => $"{a.Key}: {a.Value}"))}}}";
                case 7: return field.Hex;
            }
        }

        return "";
    }

    /// <summary>Nanoseconds since 1970.</summary>
    public static DateTimeOffset Time(Field field) => DateTimeOffset.UnixEpoch.AddTicks((long)(field.UInt64 / 100));

    public static string Cut(string text) => text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "…");
}
