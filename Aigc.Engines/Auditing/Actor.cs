using Aigc.Engines.People;

namespace Aigc.Engines.Auditing;

/// <summary>Who does something.</summary>
/// <param name="Id">Null for the gateway itself, and for whoever has not said who they are.</param>
/// <param name="Name">The user name, for people who read the history.</param>
/// <param name="Address">Where the request came from; null for the gateway itself.</param>
public sealed record Actor(UserId? Id, string Name, string? Address)
{
    public static Actor Gateway { get; } = new(null, "gateway", null);
}
