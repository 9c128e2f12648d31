using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteLeadingTests() : LeadingContract(new SqliteMaker());

public sealed class PostgresLeadingTests() : LeadingContract(new PostgresMaker())
{
    [Fact]
    public async Task A_leader_paused_in_the_middle_of_a_write_does_not_keep_others_from_leading()
    {
        await using var connection = await Database.OpenAsync(InTime);
        await using var transaction = await connection.BeginTransactionAsync(InTime);
        await Fence.RequireAsync(Database, connection, transaction, Term);
        // Nothing comes from it any more. The server ends the transaction after idle_in_transaction_session_timeout.
        var other = new LeaderLease(Database, "other");
        var next = await other.TakeAsync(await other.ReadAsync(InTime), InTime);
        next.ShouldBe(new Term(Term.Number + 1));
        await Should.ThrowAsync<Exception>(() => connection.ExecuteAsync("UPDATE engines SET host = host", transaction: transaction));
    }
}

/// <summary>One worker leads. What an earlier leader writes after that must not reach the database.</summary>
public abstract class LeadingContract(DatabaseMaker maker) : StoreContract(maker)
{
    private LeaderLease Mine => new(Database, "test");

    private LeaderLease Other => new(Database, "other");

    [Fact]
    public async Task Of_many_that_want_to_lead_one_does()
    {
        (await Mine.ReleaseAsync(Term, InTime)).ShouldBeTrue();
        (await Mine.ReadAsync(InTime)).ShouldBeNull();
        var terms = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => new LeaderLease(Database, $"w{i}").TakeAsync(null, InTime))));
        terms.Count(term => term is not null).ShouldBe(1);
        terms.Max().ShouldBe(new Term(Term.Number + 1));
    }

    [Fact]
    public async Task A_beating_lease_is_not_taken_and_a_silent_one_is()
    {
        var seen = (await Other.ReadAsync(InTime)).ShouldNotBeNull();
        (await Mine.BeatAsync(Term, InTime)).ShouldBeTrue();
        (await Other.TakeAsync(seen, InTime)).ShouldBeNull("it beat since");
        (await Other.TakeAsync(await Other.ReadAsync(InTime), InTime)).ShouldBe(new Term(Term.Number + 1));
        (await Mine.BeatAsync(Term, InTime)).ShouldBeFalse("another leads");
        (await Mine.ReleaseAsync(Term, InTime)).ShouldBeFalse("it is not its own to give");
    }

    [Fact]
    public async Task What_a_replaced_leader_writes_is_refused()
    {
        var engine = await CreateAsync();
        var awake = (await WakeAsync(engine))!;
        await Other.TakeAsync(await Other.ReadAsync(InTime), InTime);
        var usage = new UsageStore(Database);
        await Should.ThrowAsync<NotLeadingException>(() => Observed.WriteAsync(engine.Id, new(EngineState.Failed, new(Reasons.Exited), 2), Term, InTime));
        await Should.ThrowAsync<NotLeadingException>(() => Engines.SleepIfIdleAsync(awake, new(Reasons.Idle), Term, InTime));
        await Should.ThrowAsync<NotLeadingException>(() => usage.StartedAsync(engine, "run", Time.GetUtcNow(), Term, InTime));
        await Should.ThrowAsync<NotLeadingException>(() => usage.EndedAsync("run", Time.GetUtcNow(), Term, InTime));
        await Engines.DeleteAsync(engine.Id, false, ByAlice, InTime);
        await Should.ThrowAsync<NotLeadingException>(() => Observed.RemoveAsync(awake, Term, InTime));
        (await FindAsync(engine.Id)).State.ShouldBe(EngineState.Asleep);
        (await CountAsync("usage_intervals")).ShouldBe(0);
    }

    [Fact]
    public async Task Another_can_take_the_lease_of_a_leader_that_writes_all_the_time_but_does_not_beat()
    {
        var engine = await CreateAsync();
        var writers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            while (true)
                await Observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), i), Term, InTime);
        })).ToArray();
        (await Other.TakeAsync(await Other.ReadAsync(InTime), InTime)).ShouldBe(new Term(Term.Number + 1));
        foreach (var writer in writers)
            await Should.ThrowAsync<NotLeadingException>(() => writer);
    }

    [Fact]
    public async Task A_leader_can_beat_while_it_writes_all_the_time()
    {
        var engine = await CreateAsync();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var generation = 0; !stop.IsCancellationRequested; generation++)
                await Observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), generation), Term, InTime);
        })).ToArray();
        for (var beat = 0; beat < 30; beat++)
            (await Mine.BeatAsync(Term, InTime)).ShouldBeTrue();
        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }
}
