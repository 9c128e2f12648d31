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

    private ProviderAccessStore Accesses => new(Database, Time);

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
            await SignIns.SaveAsync(signIn, null, InTime);
        (await SignIns.FindAsync(engine.Key, InTime)).ShouldBe(engine);
        (await SignIns.FindAsync(expired.Key, InTime)).ShouldBeNull();
        await SignIns.SaveAsync(dashboard with { Name = "Renamed" }, null, InTime);
        (await SignIns.FindAsync(dashboard.Key, InTime))!.Name.ShouldBe("Renamed");
        await SignIns.RemoveAsync(dashboard.Key, InTime);
        (await SignIns.FindAsync(engine.Key, InTime)).ShouldBeNull();
        (await CountAsync("sign_ins")).ShouldBe(0, "expired ones go with them");
    }

    [Fact]
    public async Task A_child_does_not_begin_once_its_parent_has_ended()
    {
        var child = Some("child") with { Kind = SignInKind.EngineHost, Engine = new("e1"), Parent = SignInKey.Of("parent") };
        (await SignIns.SaveAsync(child, null, InTime)).ShouldBeFalse();
        for (var round = 0; round < 20; round++)
        {
            await SignIns.SaveAsync(Some("parent"), null, InTime);
            await Task.WhenAll(
                Task.Run(() => SignIns.SaveAsync(child, null, InTime)),
                Task.Run(() => SignIns.RemoveAsync(SignInKey.Of("parent"), InTime)));
            (await CountAsync("sign_ins")).ShouldBe(0);
        }
    }

    [Fact]
    public async Task What_the_provider_says_anew_holds_for_all_of_a_persons_sign_ins()
    {
        await SignIns.SaveAsync(Some("one"), null, InTime);
        await SignIns.SaveAsync(Some("two") with { Role = Role.Admin }, null, InTime);
        await SignIns.SaveAsync(Some("other") with { User = new("bob") }, null, InTime);
        var changed = await SignIns.ChangeAsync(Alice.Id, signIn => signIn.With(Alice), InTime);
        changed.Single().ShouldBe(Some("one") with { Role = Role.Admin, Revision = 1, ExpiresAt = changed[0].ExpiresAt }, "the other one was so before");
        (await SignIns.FindAsync(SignInKey.Of("one"), InTime)).ShouldBe(changed[0]);
        (await SignIns.FindAsync(SignInKey.Of("other"), InTime))!.Role.ShouldBe(Role.User);
    }

    [Fact]
    public async Task The_providers_word_that_somebody_signed_out_counts_once_and_for_its_session()
    {
        var until = Now().AddMinutes(5);
        foreach (var (name, session) in new[] { ("one", "s1"), ("two", "s2") })
            await SignIns.SaveAsync(Some(name), Granted(name) with { ProviderSession = session }, InTime);
        (await SignIns.RemoveAtProvidersWordAsync("w1", until, new("bob"), "s1", InTime)).ShouldBeEmpty("s1 is not Bob's");
        (await SignIns.RemoveAtProvidersWordAsync("w2", until, Alice.Id, "s1", InTime)).ShouldBe([SignInKey.Of("one")]);
        (await SignIns.RemoveAtProvidersWordAsync("w2", until, Alice.Id, null, InTime)).ShouldBeNull();
        (await SignIns.FindAsync(SignInKey.Of("two"), InTime)).ShouldNotBeNull();
        (await SignIns.RemoveAtProvidersWordAsync("w3", until, Alice.Id, null, InTime)).ShouldBe([SignInKey.Of("two")]);
        (await CountAsync("provider_access")).ShouldBe(0);
    }

    [Fact]
    public async Task Tokens_that_are_due_are_renewed_by_one_at_a_time()
    {
        for (var i = 0; i < 10; i++)
            await SignIns.SaveAsync(Some($"{i}"), Granted($"{i}") with { RenewAt = Now().AddSeconds(i < 5 ? -1 : 60) }, InTime);
        var taken = new System.Collections.Concurrent.ConcurrentBag<SignInKey>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(hand => Task.Run(async () =>
        {
            // Two that reach for the same row get it and nothing.
            for (var attempt = 0; attempt < 20; attempt++)
                if (await Accesses.TakeDueAsync($"hand {hand}", TimeSpan.FromMinutes(1), InTime) is { } due)
                    taken.Add(due.Key);
        })));
        taken.Count.ShouldBe(5);
        taken.Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public async Task New_tokens_replace_only_those_they_were_got_with()
    {
        await SignIns.SaveAsync(Some("one"), Granted("one") with { RenewAt = Now() }, InTime);
        var first = (await Accesses.TakeDueAsync("first", TimeSpan.Zero, InTime)).ShouldNotBeNull();
        first.InDoubt.ShouldBeFalse();
        var second = (await Accesses.TakeDueAsync("second", TimeSpan.FromMinutes(1), InTime)).ShouldNotBeNull("the claim has run out");
        second.InDoubt.ShouldBeTrue("the first may have asked");
        await Accesses.PostponeAsync(first, "first", null, false, InTime);
        (await Accesses.FindAsync(first.Key, InTime))!.RefreshToken.ShouldBe("refresh one", "it is the second's");
        (await Accesses.RenewAsync(first with { RefreshToken = "newer", RenewAt = Now().AddMinutes(1) }, InTime)).ShouldBeTrue("late, and still the newest");
        (await Accesses.RenewAsync(second with { RefreshToken = "stale" }, InTime)).ShouldBeFalse();
        var now = (await Accesses.FindAsync(first.Key, InTime))!;
        (now.RefreshToken, now.InDoubt, now.Version).ShouldBe(("newer", false, 1));
        (await Accesses.ListAsync(Alice.Id, InTime)).Single().Id.ShouldBe("id of one");
        await SignIns.RemoveAsync(first.Key, InTime);
        (await Accesses.RenewAsync(now, InTime)).ShouldBeFalse("it has ended");
    }

    [Fact]
    public async Task A_token_opens_until_it_expires_or_is_taken_back()
    {
        var token = new PersonalToken("t1", Alice.Id, "script", Now(), null, null);
        await Tokens.SaveAsync(token, SignInKey.Of("secret"), ByAlice, InTime);
        await Tokens.SaveAsync(token with { Id = "t2", ExpiresAt = Now().AddMinutes(-1) }, SignInKey.Of("old"), ByAlice, InTime);
        (await Tokens.UseAsync(SignInKey.Of("secret"), "192.0.2.7", InTime))!.Id.ShouldBe("t1");
        (await Tokens.UseAsync(SignInKey.Of("old"), null, InTime)).ShouldBeNull();
        var listed = await Tokens.ListAsync(Alice.Id, InTime);
        listed.Count.ShouldBe(2);
        listed.Single(t => t.Id == "t1").LastUsedAt.ShouldNotBeNull();
        (await Tokens.RemoveAsync("t1", new("bob"), ByAlice, InTime)).ShouldBeNull("it is Alice's");
        (await Tokens.RemoveAsync("t1", Alice.Id, ByAlice, InTime)).ShouldBe(SignInKey.Of("secret"));
        (await Tokens.UseAsync(SignInKey.Of("secret"), null, InTime)).ShouldBeNull();
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

    private static ProviderAccess Granted(string credential) => new()
    {
        Key = SignInKey.Of(credential),
        Id = $"id of {credential}",
        User = Alice.Id,
        BeganAt = Now(),
        RefreshToken = $"refresh {credential}",
    };

    private static DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds());
}
