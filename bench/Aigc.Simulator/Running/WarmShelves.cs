using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Pools;
using Aigc.Simulator.Reporting;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Running;

/// <summary>Engines that are started, or starting, for whoever comes next: so many of each kind as the product's forecast wants.</summary>
internal sealed class WarmShelves(Agenda agenda, PoolAdmission queue, Room room, Outcome outcome, IEnumerable<EngineKind> kinds, TimeZoneInfo zone)
{
    /// <summary>Left free for people who find no warm one: a card.</summary>
    private const long Reserve = Studio.UnitsPerGpu;

    /// <summary>Whom they belong to while they are nobody's.</summary>
    private static readonly Artist Nobody = new("nobody", "warm", new("warm", 0), []);

    /// <summary>The smallest first: for the same cards they serve most people.</summary>
    private readonly List<WarmShelf> _shelves = [.. kinds.OrderBy(kind => kind.Eighths).Select(kind => new WarmShelf(kind, zone))];
    private long _leaving;

    /// <summary>Told when one is gone that had to make room.</summary>
    public Action MadeRoom { get; set; } = () => { };

    /// <summary>Somebody needs one; null: there is none.</summary>
    public WarmEngine? Take(EngineKind kind)
    {
        if (_shelves.Find(shelf => shelf.Kind == kind) is not { } shelf)
            return null;
        shelf.Forecast.Arrived(agenda.Now);
        if (queue.Waiting > 0 || shelf.TakeOldest() is not { } warm)
            return null;
        Release(warm);
        return warm;
    }

    public void Fill()
    {
        MakeRoom(Reserve - room.Most);
        foreach (var shelf in _shelves)
        {
            var wanted = shelf.Wanted(agenda.Now);
            while (shelf.Count > wanted)
                Drop(shelf);
            while (shelf.Count < wanted && room.Most - Reserve >= shelf.Kind.Eighths && room.For(shelf.Kind.Eighths) is { } pool)
            {
                var grant = new PoolGrant(EngineId.New(), new GroupId(Nobody.Group), pool, shelf.Kind.Eighths);
                queue.Adopt(grant);
                shelf.Add(new(grant, agenda.Now, agenda.Now + Studio.Boot));
            }
        }
    }

    /// <summary>People go before what waits for nobody; the largest go first.</summary>
    /// <param name="eighths">Of cards, besides what is free.</param>
    public void MakeRoom(long eighths)
    {
        foreach (var shelf in _shelves.AsEnumerable().Reverse())
        {
            while (_leaving < eighths && shelf.Count > 0)
                Drop(shelf);
        }
    }

    /// <summary>The month is over.</summary>
    public void Close()
    {
        foreach (var shelf in _shelves)
        {
            while (shelf.TakeOldest() is { } warm)
                Release(warm);
        }
    }

    private void Drop(WarmShelf shelf)
    {
        var warm = shelf.TakeNewest();
        _leaving += warm.Grant.Units;
        agenda.At(agenda.Now + Studio.Stop, () =>
        {
            _leaving -= warm.Grant.Units;
            Release(warm);
            MadeRoom();
        });
    }

    private void Release(WarmEngine warm)
    {
        queue.Release(warm.Grant.Engine);
        outcome.Used(warm.Grant, Nobody, warm.StartedAt, agenda.Now);
    }
}
