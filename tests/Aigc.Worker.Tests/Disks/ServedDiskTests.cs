using System.Diagnostics;
using Aigc.Disks;
using Aigc.Testing;

namespace Aigc.Worker.Tests.Disks;

/// <summary>One disk, served by the program that stands beside an engine.</summary>
public sealed class ServedDiskTests : DiskContract
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task It_ends_at_once_also_in_the_middle_of_an_upload_and_the_next_one_clears_up_after_a_kill()
    {
        var disk = Directory.CreateTempSubdirectory("aigc-disk-").FullName;
        var (quick, killed) = (await UploadAsync(disk, "TERM"), await UploadAsync(disk, "KILL"));
        quick.Left.ShouldBe(0);
        quick.Took.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        killed.Left.ShouldBe(1, "nobody was left to clear up");
        await File.WriteAllTextAsync(Path.Combine(disk, "mine"), "");
        using (var next = Start(disk, FreePort.Next()))
        {
            await Wait.UntilAsync(() => Directory.GetFiles(disk, "*", SearchOption.AllDirectories) is [var file] && Path.GetFileName(file) == "mine", "the upload to be cleared away");
            next.Kill();
            await next.WaitForExitAsync();
        }

        Directory.Delete(disk, recursive: true);
    }

    private protected override async Task RunAsync(Func<Stage, Task> test)
    {
        await using var served = await ServedDisk.StartAsync(Key);
        using var http = new HttpClient { BaseAddress = served.Address };
        http.DefaultRequestHeaders.Add(FileEndpoints.KeyHeader, Key);
        await test(new(http, FileEndpoints.KeyHeader, served.Disk));
    }

    /// <summary>How many files there are once the program has ended in the middle of an upload, and how long it took to end.</summary>
    private static async Task<(int Left, TimeSpan Took)> UploadAsync(string disk, string signal)
    {
        var port = FreePort.Next();
        using var program = Start(disk, port);
        try
        {
            return await UploadAsync(program, port, disk, signal);
        }
        finally
        {
            program.Kill();
        }
    }

    private static async Task<(int Left, TimeSpan Took)> UploadAsync(Process program, int port, string disk, string signal)
    {
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Add(FileEndpoints.KeyHeader, Key);
        await Eventually.TrueAsync("it serves", Wait.Bound, async () =>
        {
            try
            {
                return (await http.GetAsync("health")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        using var silent = new StreamContent(new SilentStream());
        using var abort = new CancellationTokenSource();
        var upload = http.PutAsync(Content("deep/er/half"), silent, abort.Token);
        await Wait.UntilAsync(() => Directory.GetFiles(disk, "*", SearchOption.AllDirectories).Length == 1, "the upload to begin");
        var began = Stopwatch.GetTimestamp();
        Processes.Signal(program.Id, signal);
        await program.WaitForExitAsync();
        var took = Stopwatch.GetElapsedTime(began);
        await abort.CancelAsync();
        await Should.ThrowAsync<Exception>(upload);
        return (Directory.GetFiles(disk, "*", SearchOption.AllDirectories).Length, took);
    }

    private static Process Start(string disk, int port)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.Disk")]);
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["Disk__Path"] = disk;
        start.Environment["Disk__Key"] = Key;
        return Process.Start(start)!;
    }

    /// <summary>Says something, and then nothing more.</summary>
    private sealed class SilentStream : MemoryStream
    {
        private bool _said;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_said)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            _said = true;
            return buffer.Length;
        }
    }
}
