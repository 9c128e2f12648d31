using System.Net;
using System.Text;

namespace Aigc.Api.Tests.Dashboard;

[Collection(SharedDashboard.Name)]
public sealed class UploadTests(DashboardHost host)
{
    private const int FirstBytes = 1024 * 1024;

    [Fact]
    public async Task An_upload_reaches_the_disk_while_it_is_still_being_sent()
    {
        using var alice = await host.SignInAsync();
        var page = $"/engines/{(await host.TakeAsync(alice)).Id}/files";
        var before = host.Worker.Received;
        using var form = new MultipartFormDataContent { { new StringContent(await alice.TokenAsync(page)), "__RequestVerificationToken" } };
        // Halfway, the sender waits for the disk to have what was sent: with a buffer in between, it would wait for ever.
        form.Add(new HalfwayContent(() => host.Worker.Received - before >= FirstBytes / 2), "file", @"C:\models\big.safetensors");
        using var answer = await alice.PostAsync($"{page}?path=models", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        host.Worker.Received.ShouldBe(before + (2 * FirstBytes));
        host.Worker.Written.ShouldContain("models/big.safetensors");
        (await alice.ReadAsync(page)).ShouldContain("Uploaded big.safetensors.");
    }

    [Fact]
    public async Task An_upload_from_elsewhere_never_reaches_the_disk()
    {
        using var alice = await host.SignInAsync();
        var page = $"/engines/{(await host.TakeAsync(alice)).Id}/files";
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes("evil"));
        using var late = new StringContent(await alice.TokenAsync(page));
        using var form = new MultipartFormDataContent { { file, "file", "evil.txt" }, { late, "__RequestVerificationToken" } };
        using var answer = await alice.PostAsync(page, form);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        host.Worker.Written.ShouldNotContain("evil.txt");
    }

    private sealed class HalfwayContent(Func<bool> arrived) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await stream.WriteAsync(new byte[FirstBytes], budget.Token);
            await stream.FlushAsync(budget.Token);
            while (!arrived())
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, budget.Token);
            await stream.WriteAsync(new byte[FirstBytes], budget.Token);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
