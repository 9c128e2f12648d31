namespace Aigc.Engines.People;

/// <summary>What a credential is good for; never more than its person may do.</summary>
[Flags]
public enum Scopes
{
    None = 0,

    /// <summary><c>engines:read</c>: see engines, their states and events.</summary>
    EnginesRead = 1,

    /// <summary><c>engines:use</c>: open engines, wake them by visiting, read and write their files.</summary>
    EnginesUse = 2,

    /// <summary><c>engines:manage</c>: take, wake, put to sleep, restart, share and delete engines.</summary>
    EnginesManage = 4,

    /// <summary><c>admin</c>: what the person may do as an administrator or a group manager.</summary>
    Admin = 8,

    All = EnginesRead | EnginesUse | EnginesManage | Admin,
}
