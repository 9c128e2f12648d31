namespace Aigc.Engines.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aigc-test-").FullName;

    public string ConnectionString(string name) => $"Data Source={System.IO.Path.Combine(Path, name)}.db";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
