using Aigc.Api.Dashboard.Browsers;
using Aigc.Api.Dashboard.Words;
using Aigc.Engines.Auditing;

namespace Aigc.Api.Tests.Dashboard;

public sealed class TextTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-20, "just now", "刚刚")]
    [InlineData(-60, "1 minute ago", "1分钟前")]
    [InlineData(-7199, "1 hour ago", "1小时前")]
    [InlineData(-172800, "2 days ago", "2天前")]
    [InlineData(5340, "in 2 hours", "2小时后")]
    public void Times_are_told_in_the_largest_unit(int seconds, string en, string zh)
    {
        Text.English.Relative(Now.AddSeconds(seconds), Now).ShouldBe(en);
        Text.Chinese.Relative(Now.AddSeconds(seconds), Now).ShouldBe(zh);
    }

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(2817, "2.8 KB")]
    [InlineData(2_132_625_894, "2.1 GB")]
    public void Sizes_are_told_as_file_managers_do(long bytes, string text) => Text.English.Size(bytes).ShouldBe(text);

    [Fact]
    public void All_that_is_kept_of_what_was_done_has_words()
    {
        var names = typeof(AuditActions).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        AuditActions.All.ShouldBe(names, ignoreOrder: true);
        foreach (var (action, text) in AuditActions.All.SelectMany(action => Text.All.Select(text => (action, text))))
            text.AuditAction(action).ShouldNotBe(action);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome · Linux")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari · iPhone")]
    [InlineData("curl/8.14.1", "curl/8.14.1")]
    [InlineData(null, null)]
    public void Browsers_are_called_what_people_call_them(string? userAgent, string? name) => BrowserName.Of(userAgent).ShouldBe(name);

    [Fact]
    public void Durations_leave_out_what_is_zero()
    {
        Text.English.Duration(TimeSpan.FromMinutes(90)).ShouldBe("1 hour 30 minutes");
        Text.Chinese.Duration(TimeSpan.FromDays(7)).ShouldBe("7 天");
    }
}
