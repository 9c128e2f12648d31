namespace Aigc.Engines.People;

/// <summary>Somebody who signed in at least once.</summary>
/// <param name="UserName">The short name the provider gives (<c>preferred_username</c>); engine hosts are named after it.</param>
public sealed record Person(UserId Id, string UserName, string Name, string? Email, GroupId Group, Role Role)
{
    public Standing Standing => new(Id, Group, Role);
}
