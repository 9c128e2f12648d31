using Aigc.Engines.Gateway;

namespace Aigc.Engines.Tests.Gateway;

public sealed class SigningKeyScheduleTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly SigningKeySchedule Daily = new(TimeSpan.FromDays(1));

    /// <summary>A month of a gateway whose proxies and engines look every five minutes: no engine meets a key that it could not know.</summary>
    [Fact]
    public void What_signs_has_been_published_for_a_while_and_stays_so_for_as_long_as_its_word_is_good()
    {
        var keys = new List<SigningKey>();
        var signedLast = new Dictionary<string, DateTimeOffset>();
        for (var now = Start; now < Start.AddDays(30); now += TimeSpan.FromMinutes(5))
        {
            if (Daily.WantsAnother(keys, now))
            {
                keys.Insert(0, new($"{now:O}", "", "", now));
                keys.RemoveAll(key => key.CreatedAt < Daily.Oldest(now));
            }
            var signs = SigningKeySchedule.Current(keys, now);
            (signs.CreatedAt == Start || now - signs.CreatedAt >= SigningKeySchedule.Announcement).ShouldBeTrue("engines may not have seen it yet");
            signedLast[signs.Id] = now;
            foreach (var (id, at) in signedLast.Where(entry => now - entry.Value < TimeSpan.FromMinutes(30)))
                keys.ShouldContain(key => key.Id == id, $"what it signed at {at} is still on its way");
            keys.Count.ShouldBeInRange(1, 3);
        }
        signedLast.Count.ShouldBe(30);
    }
}
