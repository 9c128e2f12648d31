using System.Diagnostics;
using System.Net;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Dapper;

namespace Aigc.EndToEnd.Tests;

/// <summary>An installation that began in files moves to the servers of the product as the product tells it to: nobody loses anything.</summary>
public sealed class MoveTests
{
    private static readonly Dictionary<string, string> Histories = new()
    {
        ["engine_events"] = "id",
        ["sessions"] = "id",
        ["usage_intervals"] = "started_at",
    };

    [Fact]
    public async Task Everything_moves_from_files_to_the_servers_that_the_product_runs()
    {
        await using var product = new Product();
        await product.StartAsync();
        using var alice = await product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("demo");
        var image = await MainJobTests.GenerateAsync(engine, "before the move", 7);
        await engine.AskAsync("sleep");
        await engine.ReachesAsync("Asleep");
        var token = (await alice.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "night job", expiresInDays = 9 }))["token"]!.GetValue<string>();
        await product.StopAsync();
        var before = await RowsAsync($"Data Source={product.Data}/database.db");
        before.Values.ShouldAllBe(rows => rows.Length > 0);

        product.Stores = "servers";
        await product.StartAsync();
        var command = await CommandAsync(product, $"This installation's data are in {product.Data}/database.db: until they are moved, the product looks empty");
        using (var carol = await product.Person("carol").SignInAsync())
            (await carol.CallAsync(HttpMethod.Get, "api/v1/engines")).AsArray().ShouldBeEmpty("she only looks");
        var led = Leads(product);
        var (code, output) = await ShellAsync(command);
        code.ShouldBe(0, output);
        output.ShouldContain("A product had started on the target");
        await Eventually.TrueAsync("the worker that runs there leads again, in a new term", TimeSpan.FromSeconds(20), () => Leads(product) > led, () => product.Log);
        await product.StopAsync();

        // Without being told: it stays with the servers.
        product.Stores = null;
        await product.StartAsync();
        (await alice.CallAsync(HttpMethod.Get, "api/v1/me"))["userName"]!.GetValue<string>().ShouldBe("alice", "her sign-in still holds");
        (await engine.StateAsync()).ShouldBe("Asleep");
        (await TokenAsync(product, token)).ShouldBe(HttpStatusCode.OK);
        (await MainJobTests.GenerateAsync(engine, "before the move", 7)).ShouldBe(image);
        var files = await alice.CallAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}/files?path=outputs");
        files["entries"]!.AsArray().Count.ShouldBe(2, "the disk is the same");
        (await TokenAsync(product, "aigc_nobody")).ShouldBe(HttpStatusCode.Unauthorized, "a token is asked for at all");

        var after = await RowsAsync(product.ConnectionString("database"));
        foreach (var (table, rows) in before)
        {
            after[table].Take(rows.Length).ShouldBe(rows, table);
            after[table].Length.ShouldBeGreaterThan(rows.Length, $"{table} go on");
        }

        (code, output) = await ShellAsync(await CommandAsync(product, $"{product.Data}/database.db has data from before these servers"));
        code.ShouldBe(1);
        output.ShouldContain("The target is in use: engine_events (");
        (await engine.StateAsync()).ShouldBe("Ready", "being refused changes nothing");
    }

    private static int Leads(Product product) => product.Log.Split("Leading in term").Length;

    /// <summary>What it prints once it is ready: the sentence, and below the command.</summary>
    private static async Task<string> CommandAsync(Product product, string sentence)
    {
        await Eventually.TrueAsync($"it says '{sentence}'", TimeSpan.FromSeconds(20),
            () => product.Log.IndexOf(sentence, StringComparison.Ordinal) is >= 0 and var at && product.Log.IndexOf("database copy", at, StringComparison.Ordinal) > 0, () => product.Log);
        return product.Log.Split('\n').Last(line => line.Contains(" database copy ", StringComparison.Ordinal)).Trim();
    }

    /// <summary>The command as it was printed, pasted into a shell.</summary>
    private static async Task<(int Code, string Output)> ShellAsync(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        return (process.ExitCode, await output + await error);
    }

    private static async Task<HttpStatusCode> TokenAsync(Product product, string token)
    {
        using var nobody = product.Person("nobody");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/me");
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await nobody.Http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>What was written down about engines, oldest first.</summary>
    private static async Task<Dictionary<string, string[]>> RowsAsync(string connectionString)
    {
        await using var database = Database.FromConnectionString(connectionString, TimeProvider.System);
        await using var connection = await database.OpenAsync(CancellationToken.None);
        var all = new Dictionary<string, string[]>();
        foreach (var (table, order) in Histories)
        {
            var rows = await connection.QueryAsync($"SELECT * FROM {table} ORDER BY {order}");
            all[table] = [.. rows.Select(row => string.Join('|', ((IDictionary<string, object?>)row).Select(column => $"{column.Key}={column.Value}")))];
        }

        return all;
    }
}
