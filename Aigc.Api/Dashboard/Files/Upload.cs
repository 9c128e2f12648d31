using Aigc.Engines.Lifecycle;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Aigc.Api.Dashboard.Files;

/// <summary>What came of an upload form.</summary>
/// <param name="Refused">The form was not from a page of ours; nothing of it was read.</param>
/// <param name="Failed">The file that did not arrive; those after it were not tried.</param>
public sealed record UploadResult(IReadOnlyList<string> Names, string? Failed = null, bool Refused = false);

/// <summary>Streams the files of a form to an engine's disk, part by part, holding none of them in memory.</summary>
public sealed class Upload(EngineDisk disk, IAntiforgery antiforgery, IOptions<AntiforgeryOptions> options)
{
    private const int LongestToken = 4096;

    public async Task<UploadResult> ReceiveAsync(HttpContext context, EngineId engine, string folder, CancellationToken cancellationToken)
    {
        if (Reader(context.Request) is not { } reader || !await IsOursAsync(context, reader, cancellationToken))
            return new([], Refused: true);
        var names = new List<string>();
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            // A browser that is given nothing to send sends one file without a name.
            if (part.AsFileSection() is not { FileStream: { } content } file || NameOf(file.FileName) is not { Length: > 0 } name)
                continue;
            if (!await disk.PutAsync(engine, DiskAddress.Join(folder, name), content, cancellationToken))
                return new(names, name);
            names.Add(name);
        }

        return new(names);
    }

    private static MultipartReader? Reader(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 70 } boundary
            ? new MultipartReader(boundary.Value!, request.Body)
            : null;

    /// <summary>The token is the form's first part. Handed on as a header, it is checked without reading the rest.</summary>
    private async Task<bool> IsOursAsync(HttpContext context, MultipartReader reader, CancellationToken cancellationToken)
    {
        reader.BodyLengthLimit = LongestToken;
        try
        {
            if ((await reader.ReadNextSectionAsync(cancellationToken))?.AsFormDataSection() is not { } part || part.Name != options.Value.FormFieldName)
                return false;
            context.Request.Headers[options.Value.HeaderName!] = await part.GetValueAsync(cancellationToken);
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (InvalidDataException)
        {
            // Longer than any token.
            return false;
        }
        finally
        {
            reader.BodyLengthLimit = null;
        }
    }

    /// <summary>Some browsers send a whole path: its last name counts.</summary>
    private static string NameOf(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
}
