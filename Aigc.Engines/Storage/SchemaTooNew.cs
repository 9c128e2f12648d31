namespace Aigc.Engines.Storage;

internal static class SchemaTooNew
{
    public static InvalidOperationException Exception(string database, long version, int known) => new(
        $"The database {database} has schema {version}, this program knows up to {known}. "
        + "Run the newer program that wrote it, or restore a backup made before the upgrade.");
}
