using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.DemoEngine.Images;

/// <summary>One image on the disk. The seed is text: JavaScript numbers do not hold 64 bits.</summary>
public sealed record GalleryImage(string Filename, string Prompt, string Seed);

/// <summary><paramref name="More"/> is the name to pass as <c>before</c> for the next, older ones.</summary>
public sealed record GalleryPage(IReadOnlyList<GalleryImage> Images, string? More);

internal static class GalleryEndpoints
{
    private const int PageSize = 48;

    public static void AddOutputFolder(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(new OutputFolder(builder.Configuration["data"] ?? "data"));

    public static void MapGallery(this WebApplication app)
    {
        app.MapGet("/gallery", List);
        app.MapGet("/view", View);
    }

    private static Ok<GalleryPage> List(OutputFolder outputs, string? before)
    {
        var paths = outputs.NewestFirst().Where(n => before is null || string.CompareOrdinal(n, before) < 0)
            .Select(outputs.Find).OfType<string>().Take(PageSize + 1).ToList();
        var images = paths.Take(PageSize).Select(Describe).ToList();
        return TypedResults.Ok(new GalleryPage(images, paths.Count > PageSize ? images[^1].Filename : null));
    }

    private static GalleryImage Describe(string path)
    {
        var text = PngText.Read(path);
        return new(Path.GetFileName(path), text?.Prompt ?? "", text?.Seed ?? "");
    }

    private static Results<PhysicalFileHttpResult, BadRequest<string>, NotFound<string>> View(OutputFolder outputs, string filename, string? subfolder, string? type)
    {
        if (!string.IsNullOrEmpty(subfolder) || (type ?? "output") != "output" || filename.AsSpan().ContainsAny("/\\\0") || filename.StartsWith('.'))
            return TypedResults.BadRequest("Only images of the output folder can be viewed.");
        return outputs.Find(filename) is { } path
            ? TypedResults.PhysicalFile(path, "image/png", enableRangeProcessing: true)
            : TypedResults.NotFound("There is no such image.");
    }
}
