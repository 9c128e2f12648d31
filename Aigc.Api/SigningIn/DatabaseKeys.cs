using System.Xml.Linq;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Aigc.Api.SigningIn;

/// <summary>
/// The key ring in the database: all replicas read each other's cookies, and a lost folder signs nobody out. Keys that an
/// earlier version left in a folder are taken over. An error goes to whoever asked; the next request asks again.
/// </summary>
internal sealed partial class DatabaseKeys(DataProtectionKeyStore store, string? earlierFolder, ILogger<DatabaseKeys> logger) : IXmlRepository
{
    private volatile bool _takenOver;

    public IReadOnlyCollection<XElement> GetAllElements() => Wait(async () =>
    {
        await TakeOverAsync();
        return (IReadOnlyCollection<XElement>)[.. (await store.ListAsync(CancellationToken.None)).Select(xml => XElement.Parse(xml))];
    });

    public void StoreElement(XElement element, string friendlyName) => Wait(async () =>
    {
        await store.AddAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None);
        return true;
    });

    private async Task TakeOverAsync()
    {
        if (_takenOver)
            return;
        if (Directory.Exists(earlierFolder))
        {
            foreach (var file in Directory.EnumerateFiles(earlierFolder, "*.xml"))
            {
                if (await ReadAsync(file) is { } key)
                    await store.AddAsync(Path.GetFileNameWithoutExtension(file), key.ToString(SaveOptions.DisableFormatting), CancellationToken.None);
            }
        }

        _takenOver = true;
    }

    private async Task<XElement?> ReadAsync(string file)
    {
        try
        {
            return XElement.Parse(await File.ReadAllTextAsync(file));
        }
        catch (Exception error) when (error is System.Xml.XmlException or IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(logger, file, error);
            return null;
        }
    }

    // ASP.NET asks without a task, on threads that no synchronisation context needs.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The key {File} of an earlier version could not be read: whoever signed in with it signs in again.")]
        public static partial void Unreadable(ILogger logger, string file, Exception error);
    }
}

internal static class DatabaseKeysRegistration
{
    public static void PersistKeysToDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var folder = configuration["AIGC_DATA_DIR"] is { Length: > 0 } data ? Path.Combine(data, "keys") : null;
        services.AddOptions<KeyManagementOptions>().Configure<DataProtectionKeyStore, ILogger<DatabaseKeys>>(
            (options, store, logger) => options.XmlRepository = new DatabaseKeys(store, folder, logger));
    }
}
