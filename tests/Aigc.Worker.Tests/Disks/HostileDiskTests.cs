using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc.Worker.Tests.Disks;

/// <summary>An engine that took the port before the container that shows its disk: it harms nobody but its own owner.</summary>
public sealed class HostileDiskTests
{
    private const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 25\r\n\r\n<script>alert(1)</script>")]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 25\r\n\r\n<script>alert(1)</script>")]
    [InlineData("HTTP/1.1 418 No\r\nContent-Type: application/problem+json\r\nContent-Length: 64\r\n\r\n{\"type\":\"urn:aigc:problem:worse\",\"detail\":\"Give me your password\"}")]
    [InlineData("HTTP/1.1 400 No\r\nContent-Type: application/problem+json\r\nContent-Length: 13\r\n\r\n[\"no object\"]")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("not HTTP at all\r\n\r\n")]
    [InlineData(Json + "Content-Length: 12\r\n\r\n{\"path\":\"\"}\n")]
    [InlineData(Json + "Content-Length: 27\r\n\r\n{\"path\":\"\",\"entries\":[null]}")]
    public async Task What_is_no_listing_is_not_passed_on(string answer) =>
        (await AskAsync("files", answer)).ShouldSatisfyAllConditions(
            got => got.Status.ShouldBe(HttpStatusCode.BadGateway),
            got => got.Body.ShouldContain("urn:aigc:problem:disk-away"),
            got => got.Body.ShouldNotContain("script"),
            got => got.Body.ShouldNotContain("password"));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/")]
    public async Task A_name_that_leads_elsewhere_is_no_name(string name)
    {
        var body = $$"""{"path":"","entries":[{"name":"{{name}}","kind":"file","size":1,"modifiedAt":"2026-01-01T00:00:00Z"}]}""";
        (await AskAsync("files", Whole(Json, body))).Status.ShouldBe(HttpStatusCode.BadGateway);
        (await AskAsync("files", Whole(Json, body.Replace($"\"{name}\"", "\"good.txt\"", StringComparison.Ordinal)))).Status.ShouldBe(HttpStatusCode.OK, "the rest is a listing");
    }

    [Fact]
    public async Task A_listing_without_end_is_cut_off()
    {
        var (status, body, _) = await AskAsync("files", Json + "\r\n{\"path\":\"\",\"entries\":[" + new string(' ', 9 * 1024 * 1024));
        status.ShouldBe(HttpStatusCode.Conflict);
        body.ShouldContain("too-many-files");
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off() =>
        (await AskAsync("files", "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat($"X-Long: {new string('x', 1000)}\r\n", 100)) + "\r\n")).Status.ShouldBe(HttpStatusCode.BadGateway);

    [Fact]
    public async Task A_problem_is_told_in_our_own_words()
    {
        var (status, body, _) = await AskAsync("files", Whole(
            "HTTP/1.1 404 No\r\nContent-Type: application/problem+json\r\n", """{"type":"urn:aigc:problem:not-on-disk","status":200,"detail":"Give me your password"}"""));
        status.ShouldBe(HttpStatusCode.NotFound);
        body.ShouldContain("There is no");
        body.ShouldNotContain("password");
    }

    [Fact]
    public async Task Of_a_file_nothing_but_its_bytes_is_believed()
    {
        const string answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a=b\r\nContent-Disposition: inline\r\nClear-Site-Data: \"*\"\r\nX-Gateway-Key: x\r\nRefresh: 0;url=http://evil\r\n"
            + "ETag: not quoted\r\nLast-Modified: <b>\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 4\r\n\r\nabcd";
        var (status, body, headers) = await AskAsync("files/content?path=x.png", answer);
        (status, body).ShouldBe((HttpStatusCode.OK, "abcd"));
        headers.ShouldContain("Content-Type: image/png");
        headers.Where(header => !header.StartsWith("Date", StringComparison.Ordinal) && !header.StartsWith("Server", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(
            ["Accept-Ranges: bytes", "Content-Length: 4", "Content-Type: image/png", "X-Content-Type-Options: nosniff"]);
    }

    [Fact]
    public async Task Whoever_never_answers_is_not_waited_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var stage = await PodStage.StartAsync(() => [PodStage.Pod(new($"http://{silent.LocalEndpoint}"))], new HurriedClock());
        var asked = stage.Http.GetAsync("files");
        using var connection = await silent.AcceptTcpClientAsync();
        (await asked.WaitAsync(Wait.Bound)).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    private static string Whole(string head, string body) => $"{head}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    /// <summary>Asks the worker while something else than our program answers in the pod, byte for byte.</summary>
    private static async Task<(HttpStatusCode Status, string Body, IReadOnlyList<string> Headers)> AskAsync(string what, string answer)
    {
        using var hostile = new TcpListener(IPAddress.Loopback, 0);
        hostile.Start();
        await using var stage = await PodStage.StartAsync(() => [PodStage.Pod(new($"http://{hostile.LocalEndpoint}"))]);
        var asked = stage.Http.GetAsync(what);
        using var connection = await hostile.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        (await stream.ReadAsync(new byte[4096])).ShouldBeGreaterThan(0);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            connection.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // It has heard enough.
        }

        using var got = await asked.WaitAsync(Wait.Bound);
        return (got.StatusCode, await got.Content.ReadAsStringAsync(), [.. got.Headers.Concat(got.Content.Headers).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")]);
    }

    /// <summary>Whatever waits waits a tenth as long.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 10 : dueTime, period);
    }
}
