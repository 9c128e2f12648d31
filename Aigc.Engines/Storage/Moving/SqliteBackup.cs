using Dapper;

namespace Aigc.Engines.Storage.Moving;

/// <summary>A copy of an embedded database as it is at one moment, made while the product runs.</summary>
public static class SqliteBackup
{
    /// <exception cref="MovingException">There is no such database, the file exists already, or can't be written.</exception>
    public static async Task RunAsync(string connectionString, string toFile, CancellationToken cancellationToken)
    {
        var source = new SqliteFile(connectionString);
        var target = Path.GetFullPath(toFile);
        if (!File.Exists(source.Path))
            throw new MovingException($"There is no database {source.Path} to back up. Correct --from.");
        if (Path.Exists(target))
            throw new MovingException($"{target} exists already. Name a new file: a backup never replaces another.");
        if (!Directory.Exists(Path.GetDirectoryName(target)))
            throw new MovingException($"There is no folder {Path.GetDirectoryName(target)} for the backup. Create it, or name another.");

        // Beside the target first: whoever finds the target finds it whole.
        var part = $"{target}.part-{Guid.NewGuid():N}";
        try
        {
            Prepare(part);
            await using (var connection = await source.OpenAsync(cancellationToken))
                await connection.ExecuteAsync(new CommandDefinition("VACUUM INTO @part", new { part }, commandTimeout: 0, cancellationToken: cancellationToken));
            await CheckAsync(part, cancellationToken);
            File.Move(part, target, overwrite: false);
        }
        finally
        {
            foreach (var rest in new[] { part, $"{part}-wal", $"{part}-shm" })
                File.Delete(rest);
        }
    }

    // For its owner alone: it holds sign-ins and keys.
    private static void Prepare(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    private static async Task CheckAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        var verdict = await connection.ExecuteScalarAsync<string>("PRAGMA integrity_check");
        if (verdict != "ok")
            throw new MovingException($"The backup is not sound ({verdict}); it was not kept. The disk or the database may be damaged.");
    }
}
