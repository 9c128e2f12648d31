using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteTemplateStoreTests() : TemplateStoreContract(new SqliteMaker());

public sealed class PostgresTemplateStoreTests() : TemplateStoreContract(new PostgresMaker());

public abstract class TemplateStoreContract(DatabaseMaker maker) : StoreContract(maker)
{
    private TemplateStore Templates => new(Database, Time);

    public static Template Demo(string version, string title = "Demo") =>
        new() { Name = "demo", Title = new(title, "演示"), Description = new("Paints."), Version = version };

    [Fact]
    public async Task A_template_is_offered_updated_and_taken_off_and_its_versions_stay()
    {
        (await Templates.SaveAsync(Demo("1"), "source 1", ByAlice, InTime)).ShouldBe(SaveTemplateResult.Created);
        (await Templates.SaveAsync(Demo("2"), "source 2", ByAlice, InTime)).ShouldBe(SaveTemplateResult.Updated);
        (await Templates.FindAsync("demo", InTime))!.Version.ShouldBe("2");
        (await Templates.ListAsync(InTime)).ShouldHaveSingleItem().Title.Zh.ShouldBe("演示");
        (await Templates.RemoveAsync("demo", ByAlice, InTime)).ShouldBeTrue();
        (await Templates.RemoveAsync("demo", ByAlice, InTime)).ShouldBeFalse();
        (await Templates.FindAsync("demo", InTime)).ShouldBeNull();
        (await Templates.FindVersionAsync("demo", "1", InTime)).ShouldNotBeNull("engines still use it");
    }

    [Fact]
    public async Task Templates_are_listed_by_name_in_one_order_whatever_the_servers_language()
    {
        foreach (var name in new[] { "b", "a-b", "ab", "a" })
            await Templates.SaveAsync(Demo("1") with { Name = name }, "", ByAlice, InTime);
        (await Templates.ListAsync(InTime)).Select(template => template.Name).ShouldBe(["a", "a-b", "ab", "b"]);
    }

    [Fact]
    public async Task A_version_that_an_engine_uses_keeps_its_content()
    {
        await Templates.SaveAsync(Demo("1"), "", ByAlice, InTime);
        (await Templates.SaveAsync(Demo("1", "Unused, so it may change"), "", ByAlice, InTime)).ShouldBe(SaveTemplateResult.Updated);
        await CreateAsync();
        (await Templates.SaveAsync(Demo("1", "Changed"), "", ByAlice, InTime)).ShouldBe(SaveTemplateResult.VersionInUse);
        (await Templates.SaveAsync(Demo("1", "Unused, so it may change"), "", ByAlice, InTime)).ShouldBe(SaveTemplateResult.Updated);
    }

    [Fact]
    public async Task Simultaneous_saves_wakes_and_creations_leave_every_engine_a_version_that_exists()
    {
        await Templates.SaveAsync(Demo("1"), "", ByAlice, InTime);
        var engine = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
        {
            if (i % 3 == 0)
                await Templates.SaveAsync(Demo($"{i}"), "", ByAlice, InTime);
            else if (i % 3 == 1)
                await Engines.RestartAsync(engine.Id, ByAlice, InTime);
            else
                await Engines.CreateAsync(Some(EngineId.New(), $"demo-{i}"), ByAlice, InTime);
        })));
        foreach (var some in await Engines.ListAllAsync(InTime))
            (await Templates.FindVersionAsync("demo", some.TemplateVersion, InTime)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_name_nobody_could_have_given_is_not_found() =>
        (await Templates.FindAsync("\0", InTime)).ShouldBeNull();
}
