using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteObservedStoreTests() : ObservedStoreContract(new SqliteMaker());

public sealed class PostgresObservedStoreTests() : ObservedStoreContract(new PostgresMaker());

public abstract class ObservedStoreContract(DatabaseMaker maker) : StoreContract(maker)
{
    [Fact]
    public async Task Sessions_run_from_wake_to_sleep()
    {
        var engine = await CreateAsync();
        await Observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), 2), Term, InTime);
        await Observed.WriteAsync(engine.Id, new(EngineState.Ready, new(Reasons.Ready), 2, "run-1", new("http://127.0.0.1:1"), engine.CreatedAt), Term, InTime);
        await Observed.WriteAsync(engine.Id, new(EngineState.Stopping, new(Reasons.Idle), 3, "run-1"), Term, InTime);
        await Observed.WriteAsync(engine.Id, new(EngineState.Asleep, new(Reasons.Idle), 3), Term, InTime);

        (await CountAsync("sessions WHERE ended_at IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_engine_whose_disk_was_kept_is_remembered_and_its_host_is_free()
    {
        var engine = await CreateAsync();
        (await Observed.RemoveAsync(engine, Term, InTime)).ShouldBeFalse("nobody asked for it");
        await Engines.DeleteAsync(engine.Id, keepDisk: true, ByAlice, InTime);
        (await Observed.RemoveAsync(await FindAsync(engine.Id), Term, InTime)).ShouldBeTrue();
        (await Engines.FindAsync(engine.Id, InTime)).ShouldBeNull();
        (await new KeptDiskStore(Database, Time).ListAsync(engine.Owner, InTime)).ShouldHaveSingleItem().Id.ShouldBe(engine.Id);
        (await Engines.CreateAsync(Some(EngineId.New(), engine.Host), ByAlice, InTime)).ShouldBeTrue();
    }

    [Fact]
    public async Task Simultaneous_notes_of_a_start_open_one_session()
    {
        var engine = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
            Observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), 2), Term, InTime))));
        (await CountAsync("sessions")).ShouldBe(1, "a person pays for one session");
        (await CountAsync("engine_events WHERE state = 'Starting'")).ShouldBe(1);
        (await FindAsync(engine.Id)).RowVersion.ShouldBe(21);
    }

    [Theory]
    [InlineData("out of memory\0 in CUDA")]
    [InlineData("cut in the middle of a face: \ud83d")]
    public async Task An_engines_strange_last_words_do_not_hide_that_it_failed(string words)
    {
        var engine = await CreateAsync();
        await Observed.WriteAsync(engine.Id, new(EngineState.Failed, new(Reasons.Exited, words), 1), Term, InTime);
        var after = await FindAsync(engine.Id);
        after.State.ShouldBe(EngineState.Failed);
        after.Reason.Detail!.ShouldStartWith(words[..10]);
    }

    [Fact]
    public async Task A_remark_is_in_the_history_and_changes_nothing_else()
    {
        var engine = await CreateAsync();
        await Observed.RemarkAsync(engine.Id, new(Reasons.DiskNotGrown, "1Gi → 2Gi: forbidden"), Term, InTime);
        await Observed.RemarkAsync(EngineId.New(), new(Reasons.DiskGrown), Term, InTime);
        (await CountAsync("engine_events WHERE reason_code = 'disk-not-grown' AND reason_detail LIKE '%forbidden' AND state = 'Asleep'")).ShouldBe(1);
        (await CountAsync("engine_events WHERE reason_code = 'disk-grown'")).ShouldBe(0);
        (await FindAsync(engine.Id)).ShouldBeEquivalentTo(engine);
    }

    [Fact]
    public async Task An_engine_that_is_gone_is_not_written()
    {
        var gone = Some(EngineId.New(), "gone");
        (await Observed.WriteAsync(gone.Id, new(EngineState.Ready, new(Reasons.Ready), 1), Term, InTime)).ShouldBeNull();
        (await CountAsync("engine_events")).ShouldBe(0);
    }
}
