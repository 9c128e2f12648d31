using System.Security.Cryptography;

namespace Aigc.Api.Dashboard.Layout;

/// <summary>Addresses of the files in wwwroot, with a mark of their content: browsers keep them for ever and never show an old one.</summary>
public static class WebFiles
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
    private static readonly Dictionary<string, string> Marks = Directory.Exists(Root)
        ? Directory.EnumerateFiles(Root).ToDictionary(file => Path.GetFileName(file), Mark)
        : [];

    public static string Url(string file) => Marks.TryGetValue(file, out var mark) ? $"/{file}?v={mark}" : $"/{file}";

    /// <summary>Serves them from beside the program, so that the working directory does not matter.</summary>
    public static void UseWebFiles(this WebApplication app) => app.UseStaticFiles(new StaticFileOptions
    {
        FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Root),
        OnPrepareResponse = served => served.Context.Response.Headers.CacheControl =
            served.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache",
    });

    private static string Mark(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..12];
}
