using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Aigc.Testing;

namespace Aigc.Bench.Replicas;

/// <summary>What a sign-in costs at a warm door, and how soon every door knows that it has ended.</summary>
internal static class SignInBench
{
    private const int Requests = 4_000;

    public static async Task RunAsync(Product product, Person person, TakenEngine engine, Verdicts verdicts)
    {
        var made = await person.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "warm", expiresInDays = 1 });
        using var client = new HttpClient(Handler(person)) { DefaultRequestHeaders = { Authorization = new("Bearer", made["token"]!.GetValue<string>()) } };
        // Every door has seen it: the balancer gives each new connection to the next one.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AskAsync(client, engine)));

        var redis = product.ConnectionString("tracker");
        var before = await ReadsAsync(redis);
        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await AskAsync(client, engine));
        verdicts.AtMost($"reads of the tracker during {Requests} requests of a known sign-in", await ReadsAsync(redis) - before, 0);

        using var revoke = await person.SendAsync(HttpMethod.Delete, $"api/v1/tokens/{made["id"]}");
        revoke.EnsureSuccessStatusCode();
        var begin = TimeProvider.System.GetTimestamp();
        var accepted = TimeSpan.Zero;
        while (TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(4))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AskAsync(client, engine)));
            if (answers.Any(answer => answer == HttpStatusCode.OK))
                accepted = TimeProvider.System.GetElapsedTime(begin);
        }

        verdicts.AtMost("revoked, yet let in for, s", accepted.TotalSeconds, 2);
    }

    private static SocketsHttpHandler Handler(Person person)
    {
        var handler = person.Handler(redirects: false);
        handler.UseCookies = false;
        handler.MaxConnectionsPerServer = 16;
        return handler;
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, TakenEngine engine)
    {
        using var answer = await client.GetAsync(engine.Url);
        return answer.StatusCode;
    }

    /// <summary>The GETs and scripts that look sign-ins up; writes of leases and beats do not count.</summary>
    private static async Task<double> ReadsAsync(string connectionString)
    {
        var parts = connectionString.Split(',');
        var address = parts[0].Split(':');
        var password = parts.FirstOrDefault(part => part.StartsWith("password=", StringComparison.Ordinal))?["password=".Length..];
        using var client = new TcpClient();
        await client.ConnectAsync(address[0], int.Parse(address[1], CultureInfo.InvariantCulture));
        var ask = (password is null ? "" : $"AUTH {password}\r\n") + "INFO commandstats\r\nQUIT\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(ask));
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync();
        return answer.Split('\n').Where(line => line.StartsWith("cmdstat_get:", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split('=')[1].Split(',')[0], CultureInfo.InvariantCulture));
    }
}
