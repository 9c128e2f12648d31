using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Aigc.KubeSim.Api;

/// <summary>What a request's query asks for.</summary>
internal sealed class QueryOptions(IQueryCollection query)
{
    public string? this[string name] => query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public bool Flag(string name) => this[name] is "true" or "1" or "";

    public int? Number(string name) => int.TryParse(this[name], CultureInfo.InvariantCulture, out var number) ? number : null;

    public bool IsDryRun => this["dryRun"] is "All";

    /// <summary>Null when nothing is said.</summary>
    public long? Version => this["resourceVersion"] is not { Length: > 0 } text
        ? null
        : long.TryParse(text, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new ApiException(500, "", $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
}
