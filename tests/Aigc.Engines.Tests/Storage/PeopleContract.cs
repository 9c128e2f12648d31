using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqlitePeopleTests() : PeopleContract(new SqliteMaker());

public sealed class PostgresPeopleTests() : PeopleContract(new PostgresMaker());

/// <summary>People, their sign-ins, their tokens, and the keys that protect their cookies.</summary>
public abstract class PeopleContract(DatabaseMaker maker) : StoreContract(maker)
{
    private PeopleStore People => new(Database, Time);

    private SignInStore SignIns => new(Database, Time);

    private TokenStore Tokens => new(Database, Time);

    private static readonly Person Alice = new(new("alice"), "alice", "Alice 爱丽丝", null, new("art"), Role.Admin);

    [Fact]
    public async Task A_person_is_as_the_provider_last_said()
    {
        (await People.FindAsync(Alice.Id, InTime)).ShouldBeNull();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => People.SaveAsync(Alice, InTime))));
        (await People.FindAsync(Alice.Id, InTime)).ShouldBe(Alice);
        var moved = Alice with { Email = "a@example.com", Group = new("film"), Role = Role.GroupManager };
        await People.SaveAsync(moved, InTime);
        (await People.FindAsync(Alice.Id, InTime)).ShouldBe(moved);
    }

    [Fact]
    public async Task A_name_with_characters_a_database_may_refuse_keeps_nobody_out()
    {
        await People.SaveAsync(Alice with { Name = "A\0B \ud800" }, InTime);
        (await People.FindAsync(Alice.Id, InTime))!.Name.ShouldStartWith("A");
    }

    [Fact]
    public async Task A_sign_in_ends_with_its_time_or_with_its_parent()
    {
        var (dashboard, engine) = (Some("dashboard"), Some("engine") with { Kind = SignInKind.EngineHost, Engine = new("e1"), Parent = SignInKey.Of("dashboard") });
        var expired = Some("expired") with { ExpiresAt = Time.GetUtcNow().AddSeconds(-1) };
        foreach (var signIn in new[] { dashboard, engine, expired })
            await SignIns.SaveAsync(signIn, InTime);
        (await SignIns.FindAsync(engine.Key, InTime)).ShouldBe(engine);
        (await SignIns.FindAsync(expired.Key, InTime)).ShouldBeNull();
        await SignIns.SaveAsync(dashboard with { Name = "Renamed" }, InTime);
        (await SignIns.FindAsync(dashboard.Key, InTime))!.Name.ShouldBe("Renamed");
        await SignIns.RemoveAsync(dashboard.Key, InTime);
        (await SignIns.FindAsync(engine.Key, InTime)).ShouldBeNull();
        (await CountAsync("sign_ins")).ShouldBe(0, "expired ones go with them");
    }

    [Fact]
    public async Task A_token_opens_until_it_expires_or_is_taken_back()
    {
        var token = new PersonalToken("t1", Alice.Id, "script", Now(), null, null);
        await Tokens.SaveAsync(token, SignInKey.Of("secret"), ByAlice, InTime);
        await Tokens.SaveAsync(token with { Id = "t2", ExpiresAt = Now().AddMinutes(-1) }, SignInKey.Of("old"), ByAlice, InTime);
        (await Tokens.UseAsync(SignInKey.Of("secret"), InTime))!.Id.ShouldBe("t1");
        (await Tokens.UseAsync(SignInKey.Of("old"), InTime)).ShouldBeNull();
        var listed = await Tokens.ListAsync(Alice.Id, InTime);
        listed.Count.ShouldBe(2);
        listed.Single(t => t.Id == "t1").LastUsedAt.ShouldNotBeNull();
        (await Tokens.RemoveAsync("t1", new("bob"), ByAlice, InTime)).ShouldBeNull("it is Alice's");
        (await Tokens.RemoveAsync("t1", Alice.Id, ByAlice, InTime)).ShouldBe(SignInKey.Of("secret"));
        (await Tokens.UseAsync(SignInKey.Of("secret"), InTime)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_is_kept_once_for_all_replicas()
    {
        var keys = new DataProtectionKeyStore(Database, Time);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Task.Run(() => keys.AddAsync("key-1", $"<key id='{i}'/>", InTime))));
        await keys.AddAsync("key-2", "<key id='other'/>", InTime);
        var all = await keys.ListAsync(InTime);
        all.Count.ShouldBe(2);
        await using var replica = Open();
        (await new DataProtectionKeyStore(replica, Time).ListAsync(InTime)).ShouldBe(all);
    }

    private static SignIn Some(string credential) => new()
    {
        Key = SignInKey.Of(credential),
        Kind = SignInKind.Dashboard,
        User = Alice.Id,
        UserName = Alice.UserName,
        Name = Alice.Name,
        Group = Alice.Group,
        ExpiresAt = Now().AddHours(1),
    };

    private static DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds());
}
