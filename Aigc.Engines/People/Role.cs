namespace Aigc.Engines.People;

/// <summary>What somebody may do besides using what is theirs.</summary>
public enum Role
{
    User,

    /// <summary>Sees and manages the engines of their own group, and does not look into them.</summary>
    GroupManager,

    /// <summary>Manages everybody's engines, templates and settings, and looks into an engine only by an explicit, recorded act.</summary>
    Admin,
}
