using Aigc.Api.Live;
using Aigc.Engines.Storage;

namespace Aigc.Api.Tests;

public sealed class ChangeFeedTests
{
    [Fact]
    public void A_page_that_reads_too_slowly_is_told_to_read_everything_again()
    {
        using var changes = new Changes(_ => { });
        var dropped = Enumerable.Range(0, 257).Sum(number => changes.Offer(new DatabaseChange.Changed(ChangeKind.Engine, $"{number}")));
        dropped.ShouldBe(257);
        changes.TryRead(out var only).ShouldBeTrue();
        only.ShouldBeOfType<DatabaseChange.Resync>();
        changes.TryRead(out _).ShouldBeFalse();
    }
}
