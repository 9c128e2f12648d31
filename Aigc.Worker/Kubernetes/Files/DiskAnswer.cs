using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc.Disks;

namespace Aigc.Worker.Kubernetes.Files;

/// <summary>What is let through of an answer about a disk, which a hostile engine may have written.</summary>
internal static class DiskAnswer
{
    private const int LongestListing = 8 * 1024 * 1024;
    private const int LongestTrouble = 4 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What has no body worth reading: an answer to a condition or range of the caller's.</summary>
    private static readonly HttpStatusCode[] Bare =
        [HttpStatusCode.NotModified, HttpStatusCode.PreconditionFailed, HttpStatusCode.RequestedRangeNotSatisfiable];

    public static bool IsFine(HttpRequestMessage request, HttpResponseMessage answer) => request.Method == HttpMethod.Get
        ? answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent || Bare.Contains(answer.StatusCode)
        : answer.StatusCode == HttpStatusCode.NoContent;

    /// <summary>A known problem in our own words; any other is no proper answer.</summary>
    public static async Task<DiskException> TroubleAsync(HttpResponseMessage answer, DiskPath path, CancellationToken ct)
    {
        using var problem = await JsonAsync<JsonDocument>(answer, LongestTrouble, ct);
        var type = problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("type", out var found) && found.ValueKind == JsonValueKind.String
            ? found.GetString()!
            : "";
        return (type.StartsWith(DiskProblemFilter.TypePrefix, StringComparison.Ordinal) ? DiskException.Of(type[DiskProblemFilter.TypePrefix.Length..], path.ToString()) : null)
            ?? DiskTrouble.Away();
    }

    public static async Task<DiskListing> ListingAsync(HttpResponseMessage answer, DiskPath path, CancellationToken ct)
    {
        if (answer.StatusCode != HttpStatusCode.OK)
            throw DiskTrouble.Away();
        var listing = await JsonAsync<DiskListing>(answer, LongestListing, ct);
        return listing.Entries?.All(IsEntry) == true ? listing with { Path = path.ToString() } : throw DiskTrouble.Away();
    }

    /// <summary>The file as it is; what it is taken for, its name has said.</summary>
    public static async Task CopyAsync(HttpResponseMessage answer, DiskPath path, HttpResponse response, CancellationToken ct)
    {
        response.StatusCode = (int)answer.StatusCode;
        var (from, to) = (answer.Content.Headers, response.GetTypedHeaders());
        if (answer.Headers.ETag is { } tag)
            response.Headers.ETag = tag.ToString();
        to.LastModified = from.LastModified;
        if (from.ContentRange is { } range)
            response.Headers.ContentRange = range.ToString();
        if (Bare.Contains(answer.StatusCode))
            return;
        response.ContentType = FileTypes.Of(path);
        response.ContentLength = from.ContentLength;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.XContentTypeOptions = "nosniff";
        await answer.Content.CopyToAsync(response.Body, ct);
    }

    private static bool IsEntry(DiskEntry? entry) => entry is { Size: >= 0, Name: not null } && Enum.IsDefined(entry.Kind)
        && DiskPath.TryParse(entry.Name, out var name, out _) && name.Names is [var one] && one == entry.Name;

    private static async Task<T> JsonAsync<T>(HttpResponseMessage answer, int longest, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await answer.Content.LoadIntoBufferAsync(longest, patience.Token);
            return await answer.Content.ReadFromJsonAsync<T>(patience.Token) ?? throw DiskTrouble.Away();
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw DiskTrouble.TooMany();
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException or NotSupportedException or InvalidOperationException
            || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw DiskTrouble.Away(exception);
        }
    }
}
