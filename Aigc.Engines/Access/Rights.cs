namespace Aigc.Engines.Access;

/// <summary>What one person may do with one engine.</summary>
[Flags]
public enum Rights
{
    None = 0,

    /// <summary>Know that it is there, and read its state and history.</summary>
    See = 1,

    /// <summary>Put it to sleep, restart it, delete it.</summary>
    Manage = 2,

    /// <summary>Look at it while it is awake: read requests, and nothing else.</summary>
    View = 4,

    /// <summary>Open and wake it, read and write its files, read its log.</summary>
    Use = 8,

    /// <summary>Decide who else may, keep it awake, and have its disk erased.</summary>
    Own = 16,
}
