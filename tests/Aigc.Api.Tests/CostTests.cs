using System.Net;
using System.Text;
using System.Text.Json;
using Aigc.Api.Costs;
using Aigc.Api.Csv;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Storage;
using Aigc.Testing;

namespace Aigc.Api.Tests;

/// <summary>A month that was used: everybody learns what it cost, as far as it is theirs to know.</summary>
public sealed class UsedMonth : IAsyncLifetime
{
    public RunningApi Api { get; } = new();

    public async Task InitializeAsync()
    {
        await Api.InitializeAsync();
        await using var database = Database.FromConnectionString(Api.Database, TimeProvider.System);
        var from = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        await UsageMonth.SeedAsync(
            database, [new("alice", "art"), new("bob", "film"), new("manager", "art"), new("carol", "film"), new("=cmd|' /C calc'!A0", "art")], from, from.AddDays(31));
    }

    public Task DisposeAsync() => Api.DisposeAsync();
}

public sealed class CostTests(UsedMonth month) : IClassFixture<UsedMonth>
{
    private const string March = "from=2026-03-01&to=2026-04-01";

    private readonly RunningApi _api = month.Api;

    [Fact]
    public async Task Owners_see_theirs_managers_their_groups_and_administrators_everything()
    {
        using var alice = await _api.SignInAsync("alice");
        using var manager = await _api.SignInAsync("manager");
        using var admin = await _api.SignInAsync("admin");
        var mine = await ReadAsync(alice, "by=person");
        Keys(mine).ShouldBe(["alice"]);
        mine.GetProperty("of").GetString().ShouldBe("mine");
        Keys(await ReadAsync(manager, "by=person")).ShouldBe(["=cmd|' /C calc'!A0", "alice", "manager"]);
        Keys(await ReadAsync(manager, "by=person&of=mine")).ShouldBe(["manager"]);
        var all = await ReadAsync(admin, "by=person");
        Keys(all).ShouldBe(["=cmd|' /C calc'!A0", "alice", "bob", "carol", "manager"]);
        Cost(all.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("key").GetString() == "alice")).ShouldBe(Cost(mine.GetProperty("total")));
        await Visitor.ProblemAsync(alice.GetAsync($"/api/v1/costs?{March}&of=group"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(manager.GetAsync($"/api/v1/costs?{March}&of=all"), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(manager.GetAsync($"/api/v1/costs/focus?{March}&of=all"), HttpStatusCode.Forbidden, "forbidden");
        using var nobody = _api.Visitor();
        (await nobody.GetAsync("/api/v1/costs")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Every_dimension_adds_up_to_the_same()
    {
        using var admin = await _api.SignInAsync("admin");
        var totals = new HashSet<decimal>();
        foreach (var by in new[] { "person", "group", "template", "version", "pool", "engine", "day" })
        {
            var answer = await ReadAsync(admin, $"by={by}");
            totals.Add(Cost(answer.GetProperty("total")));
            answer.GetProperty("rows").EnumerateArray().Sum(Cost).ShouldBe(Cost(answer.GetProperty("total")), by);
        }

        totals.ShouldHaveSingleItem().ShouldBeGreaterThan(0);
        var total = (await ReadAsync(admin, "by=day")).GetProperty("total");
        foreach (var part in new[] { "use", "idle", "shared", "disk", "gpuHours", "work", "perActiveHour", "perWork" })
            total.GetProperty(part).GetDecimal().ShouldBeGreaterThan(0, part);
    }

    [Fact]
    public async Task A_token_of_some_engines_sees_only_their_costs()
    {
        using var alice = await _api.SignInAsync("alice");
        var engine = await alice.TakeAsync();
        var made = await Visitor.JsonAsync(
            alice.PostAsync("/api/v1/tokens", new { name = "one", scopes = new[] { "engines:read" }, engines = new[] { engine.Id } }), HttpStatusCode.Created);
        using var program = new Visitor(_api.Address) { Bearer = made.GetProperty("token").GetString() };
        Cost((await ReadAsync(program, "by=day")).GetProperty("total")).ShouldBe(0);
    }

    [Fact]
    public async Task As_csv_it_adds_up_and_starts_no_formula()
    {
        using var admin = await _api.SignInAsync("admin");
        using var response = await admin.GetAsync($"/api/v1/costs?{March}&by=person&format=csv");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var lines = CsvReader.Read(await response.Content.ReadAsStringAsync()).Select(record => record.Fields).ToList();
        lines[0].Take(4).ShouldBe(["key", "name", "currency", "cost"]);
        lines.Skip(1).Select(fields => fields[0]).ShouldContain("'=cmd|' /C calc'!A0");
        lines.Skip(1).Sum(fields => Number(fields[3])).ShouldBe(Cost((await ReadAsync(admin, "by=day")).GetProperty("total")));
    }

    [Fact]
    public async Task Focus_has_the_columns_of_its_specification_and_the_same_money()
    {
        // All that FOCUS 1.0 calls mandatory.
        string[] mandatory =
        [
            "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass",
            "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
            "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
        ];
        string[] never = ["BilledCost", "BillingAccountId", "BillingCurrency", "ChargeCategory", "ChargePeriodStart", "EffectiveCost", "ListCost", "ServiceCategory", "ServiceName"];
        using var admin = await _api.SignInAsync("admin");
        using var response = await admin.GetAsync($"/api/v1/costs/focus?{March}");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("focus-1.0-2026-03-01-2026-04-01.csv");
        var lines = CsvReader.Read(await response.Content.ReadAsStringAsync()).Select(record => record.Fields).ToList();
        var names = lines[0].ToList();
        mandatory.Except(names).ShouldBeEmpty();
        foreach (var own in names.Where(name => name.Contains('_')))
            own.ShouldStartWith("x_");
        lines.ShouldAllBe(fields => fields.Count == names.Count);
        foreach (var name in never)
            lines.ShouldAllBe(fields => fields[names.IndexOf(name)].Length > 0, name);
        lines.Skip(1).Select(fields => fields[names.IndexOf("ChargeCategory")]).Distinct().ShouldBe(["Usage"]);
        lines[1][names.IndexOf("BillingPeriodStart")].ShouldBe("2026-03-01T00:00:00Z");
        lines.Skip(1).Sum(fields => Number(fields[names.IndexOf("BilledCost")])).ShouldBe(Cost((await ReadAsync(admin, "by=day")).GetProperty("total")));
    }

    [Fact]
    public async Task A_bill_is_shared_out_and_withdrawn_again_by_administrators_alone()
    {
        using var admin = await _api.SignInAsync("admin");
        using var manager = await _api.SignInAsync("manager");
        var before = Cost((await ReadAsync(admin, "by=pool")).GetProperty("total"));
        var bill = new { pool = "studio", from = "2026-03-01", to = "2026-04-01", amount = 12345.678901m };
        await Visitor.ProblemAsync(manager.PostAsync("/api/v1/bills", bill), HttpStatusCode.Forbidden, "forbidden");
        await Visitor.ProblemAsync(manager.GetAsync("/api/v1/bills"), HttpStatusCode.Forbidden, "forbidden");
        var entered = (await Visitor.JsonAsync(admin.PostAsync("/api/v1/bills", bill), HttpStatusCode.Created))[0];
        entered.GetProperty("gpus").GetDecimal().ShouldBe(8, "what the pool has");

        var billed = await ReadAsync(admin, "by=pool");
        var studio = billed.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("key").GetString() == "studio");
        Cost(studio).ShouldBe(12345.678901m);
        studio.GetProperty("unallocated").GetDecimal().ShouldBeGreaterThan(0);
        billed.GetProperty("total").GetProperty("atPrices").GetDecimal().ShouldBe(before);
        Cost((await ReadAsync(manager, "by=pool")).GetProperty("total")).ShouldBeLessThan(12345);

        var id = entered.GetProperty("id").GetString();
        (await manager.DeleteAsync($"/api/v1/bills/{id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await admin.DeleteAsync($"/api/v1/bills/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync($"/api/v1/bills/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Cost((await ReadAsync(admin, "by=pool")).GetProperty("total")).ShouldBe(before);
        var audit = await Visitor.JsonAsync(admin.GetAsync($"/api/v1/audit?target={id}"));
        audit.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()).ShouldBe(["bill.withdraw", "bill.enter"]);
    }

    [Theory]
    [InlineData("pool,from,to\n", "Line 1, column 4: the column 'amount' is missing.")]
    [InlineData("pool,from,to,amout\n", "Line 1, column 4: 'amout' is not known. The columns are pool, from, to, amount, and if you want gpus and note.")]
    [InlineData("pool,pool,from,to,amount\n", "Line 1, column 2: 'pool' is there twice.")]
    [InlineData("pool,from,to,amount\n\nstudio,2026-03-01,2026-04-01,5\nstudio,2026-03-01,2026-04-01,\"1,234\"\n", "Line 4, column 4 (amount): '1,234' is not an amount of money")]
    [InlineData("pool,from,to,amount\nmoon,2026-03-01,2026-04-01,5\n", "Line 2, column 1 (pool): 'moon' is no pool; there are studio, cloud.")]
    [InlineData("to,pool,from,amount\n2026-03-01,studio,2026-03-01,5\n", "Line 2, column 1 (to): '2026-03-01' is not the day after the last")]
    [InlineData("pool,from,to,amount\nstudio,1.3.2026,2026-04-01,5\n", "Line 2, column 2 (from): '1.3.2026' is not a day, such as 2026-03-01.")]
    [InlineData("pool,from,to,amount\nstudio,2026-03-01,2026-04-01,5,7\n", "Line 2 has 5 columns, and the first line names 4")]
    [InlineData("pool,from,to,amount,gpus\nstudio,2026-03-01,2026-04-01,5,-1\n", "Line 2, column 5 (gpus): '-1' is not a number of GPUs")]
    [InlineData("pool,from,to,amount,note\nstudio,2026-03-01,2026-04-01,5,\"open\n", "Line 2: a quotation mark is not closed.")]
    [InlineData("", "There is no bill in it.")]
    public async Task A_file_of_bills_that_is_wrong_is_told_by_line_and_column_and_enters_nothing(string file, string says)
    {
        using var admin = await _api.SignInAsync("admin");
        var problem = await Visitor.ProblemAsync(PostCsvAsync(admin, file), HttpStatusCode.BadRequest, "invalid");
        problem.GetProperty("detail").GetString().ShouldStartWith(says);
        (await Visitor.JsonAsync(admin.GetAsync("/api/v1/bills"))).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_file_of_bills_is_entered_as_a_whole()
    {
        using var admin = await _api.SignInAsync("admin");
        var entered = await Visitor.JsonAsync(
            PostCsvAsync(admin, "\uFEFFfrom,to,pool,amount,note,gpus\r\n2026-01-01,2026-02-01,studio,100,\"lease, \"\"half\"\"\",4\r\n2026-01-01,2026-02-01,cloud,0.000001,,\r\n"), HttpStatusCode.Created);
        entered.EnumerateArray().Select(bill => bill.GetProperty("note").GetString()).ShouldBe(["lease, \"half\"", null]);
        Cost((await ReadAsync(admin, "by=day", "from=2026-01-01&to=2026-02-01")).GetProperty("total")).ShouldBe(100.000001m);
        foreach (var bill in entered.EnumerateArray())
            (await admin.DeleteAsync($"/api/v1/bills/{bill.GetProperty("id").GetString()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Wrong_questions_are_told()
    {
        using var alice = await _api.SignInAsync("alice");
        foreach (var wrong in new[] { "from=yesterday", "from=2026-04-01&to=2026-03-01", "by=colour", "by=3", "of=bob", "format=xml", "from=2000-01-01", "from=2010-01-01&to=2026-01-01" })
            (await alice.GetAsync($"/api/v1/costs?{wrong}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
    }

    private static Task<HttpResponseMessage> PostCsvAsync(Visitor visitor, string text) =>
        visitor.SendAsync(HttpMethod.Post, "/api/v1/bills", new StringContent(text, Encoding.UTF8, "text/csv"));

    private static async Task<JsonElement> ReadAsync(Visitor visitor, string query, string period = March) =>
        await Visitor.JsonAsync(visitor.GetAsync($"/api/v1/costs?{period}&{query}"));

    private static List<string> Keys(JsonElement answer) =>
        [.. answer.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("key").GetString()!).Order(StringComparer.Ordinal)];

    private static decimal Cost(JsonElement row) => row.GetProperty("cost").GetDecimal();

    private static decimal Number(string field) => decimal.Parse(field, System.Globalization.CultureInfo.InvariantCulture);
}
