using System.Text;
using Aigc.Engines.Templates.Importing;

namespace Aigc.Api.Templates;

/// <summary>Reads what is to be imported; of what is too long, only as much as shows it.</summary>
internal static class ImportSource
{
    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[(TemplateImport.MostKilobytes * 1024) + 1];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
