namespace Aigc.Simulator.Policies;

internal static class PolicyList
{
    /// <summary>The one whose figures have goals.</summary>
    public const string Ours = "ours";

    public const string ByHabit = "ours-habit";

    public static IReadOnlyList<Policy> For(TimeZoneInfo zone) =>
    [
        new AlwaysOn(), new FixedCull(), new FixedSchedule(zone),
        new Own("ours-plain", Warm: false, GivesWay: false), new Own("ours-not-warm", Warm: false),
        new Own(ByHabit, Warm: false, ByHabit: true), new Own("ours-same-idle", GivesWay: false), new Own(Ours),
    ];
}
