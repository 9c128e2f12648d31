using Aigc.Engines.Tracking;

namespace Aigc.Engines.Tests.Tracking;

public sealed class FileTrackerTests : SessionTrackerContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileTrackerTests()
    {
        Here = new FileTracker(_folder.ConnectionString("tracker"), TimeProvider.System);
        There = new FileTracker(_folder.ConnectionString("tracker"), TimeProvider.System);
    }

    protected override ISessionTracker Here { get; }

    protected override ISessionTracker There { get; }

    public void Dispose() => _folder.Dispose();
}
