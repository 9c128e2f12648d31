namespace Aigc.Engines.People;

/// <summary>Who somebody is, as far as their rights go.</summary>
public readonly record struct Standing(UserId Id, GroupId Group, Role Role);
