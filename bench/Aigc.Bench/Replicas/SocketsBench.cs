using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using Aigc.Testing;

namespace Aigc.Bench.Replicas;

/// <summary>Two thousand people with a page open: none may be cut off, and the doors stay small.</summary>
internal static class SocketsBench
{
    private const int Sockets = 2_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>An echo that takes longer than this was dropped, as far as a person is concerned.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Product product, Person person, TakenEngine engine, TimeSpan length, Verdicts verdicts)
    {
        var token = (await person.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "sockets", expiresInDays = 1 }))["token"]!.GetValue<string>();
        using var end = new CancellationTokenSource();
        var (waits, drops) = (new ConcurrentBag<double>(), new ConcurrentBag<string>());
        var open = new SemaphoreSlim(32);
        var opened = 0;
        var all = Enumerable.Range(0, Sockets).Select(number => Task.Run(() => TalkAsync(number))).ToList();
        await Eventually.TrueAsync($"{Sockets} sockets are open", TimeSpan.FromMinutes(2), () => opened + drops.Count >= Sockets, () => $"{opened} open, {drops.FirstOrDefault()}");

        var proxies = product.Pids("Aigc.Proxy").Select(Process.GetProcessById).ToList();
        var before = proxies.Sum(Used);
        var peak = 0.0;
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < length;)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
            peak = Math.Max(peak, proxies.Max(Resident));
        }

        var used = (proxies.Sum(Used) - before) / length.TotalSeconds;
        await end.CancelAsync();
        await Task.WhenAll(all);
        foreach (var drop in drops.GroupBy(drop => drop).OrderByDescending(group => group.Count()).Take(5))
            Console.WriteLine($"  {drop.Count()} × {drop.Key}");
        var sorted = waits.Order().ToList();
        Verdicts.Note($"WebSockets open, each a message every {Every.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s", opened);
        Verdicts.Note("messages", sorted.Count);
        verdicts.AtMost("cut off or unanswered", drops.Count, 0);
        Verdicts.Note("echo p50, ms", sorted[sorted.Count / 2]);
        Verdicts.Note("echo p99, ms", sorted[sorted.Count * 99 / 100]);
        verdicts.AtMost("memory of the larger proxy, MB", peak, 250);
        Verdicts.Note("processor of both proxies, cores", used);

        async Task TalkAsync(int number)
        {
            using var socket = new ClientWebSocket();
            try
            {
                using var invoker = new HttpMessageInvoker(person.Handler(redirects: false));
                socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
                socket.Options.KeepAliveInterval = TimeSpan.Zero;
                await open.WaitAsync();
                try
                {
                    await socket.ConnectAsync(new UriBuilder(engine.Url) { Scheme = "ws" }.Uri, invoker, CancellationToken.None);
                }
                finally
                {
                    open.Release();
                }

                Interlocked.Increment(ref opened);
                var (message, buffer) = (new byte[100], new byte[256]);
                // Spread evenly over the interval, as people are.
                await Task.Delay(Every * number / Sockets, TimeProvider.System, end.Token);
                while (true)
                {
                    var begin = TimeProvider.System.GetTimestamp();
                    using var patience = new CancellationTokenSource(Patience);
                    await socket.SendAsync(message, WebSocketMessageType.Binary, true, patience.Token);
                    var answer = await socket.ReceiveAsync(buffer, patience.Token);
                    if (answer.MessageType == WebSocketMessageType.Close)
                    {
                        drops.Add($"closed: {socket.CloseStatus}");
                        return;
                    }

                    var took = TimeProvider.System.GetElapsedTime(begin);
                    waits.Add(took.TotalMilliseconds);
                    await Task.Delay(Every - took, TimeProvider.System, end.Token);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
            }
            catch (Exception cut) when (cut is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
            {
                drops.Add(cut.Message);
            }
        }
    }

    private static double Used(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static double Resident(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }
}
