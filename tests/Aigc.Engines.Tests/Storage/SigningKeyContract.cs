using Aigc.Engines.Gateway;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteSigningKeyTests() : SigningKeyContract(new SqliteMaker());

public sealed class PostgresSigningKeyTests() : SigningKeyContract(new PostgresMaker());

public abstract class SigningKeyContract(DatabaseMaker maker) : StoreContract(maker)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_000);

    [Fact]
    public async Task However_many_replicas_make_a_key_at_the_same_time_there_is_one()
    {
        var store = new SigningKeyStore(Database);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => store.AddAsync(Key($"{i}", Start), null, Start.AddDays(-2), InTime))));
        (await store.ListAsync(InTime)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Keys_come_back_newest_first_and_go_when_they_are_too_old()
    {
        var store = new SigningKeyStore(Database);
        await store.AddAsync(Key("a", Start), null, Start.AddDays(-2), InTime);
        await store.AddAsync(Key("b", Start.AddDays(1)), "a", Start.AddDays(-1), InTime);
        (await store.ListAsync(InTime)).ShouldBe([Key("b", Start.AddDays(1)), Key("a", Start)]);

        await store.AddAsync(Key("c", Start.AddDays(2)), "b", Start.AddHours(1), InTime);

        (await store.ListAsync(InTime)).Select(key => key.Id).ShouldBe(["c", "b"]);
    }

    private static SigningKey Key(string id, DateTimeOffset at) => new(id, "private", "public", at);
}
