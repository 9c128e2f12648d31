using Aigc.Engines.Access;

namespace Aigc.Engines.Storage;

/// <summary>A grant as its row in <c>engine_access</c> has it.</summary>
internal sealed class GrantRow
{
    public string Id { get; set; } = "";
    public string Engine_Id { get; set; } = "";
    public string Subject_Kind { get; set; } = "";
    public string Subject_Id { get; set; } = "";
    public string Level { get; set; } = "";
    public string Granted_By { get; set; } = "";
    public string? Reason { get; set; }
    public long Created_At { get; set; }
    public long? Expires_At { get; set; }
    public string? Subject_Name { get; set; }
    public string? Granter_Name { get; set; }

    public Grant ToGrant() =>
        new(Enum.Parse<SubjectKind>(Subject_Kind), Subject_Id, Enum.Parse<AccessLevel>(Level), Expires_At.ToTime());

    public EngineGrant ToEngineGrant() =>
        new(Id, new(Engine_Id), ToGrant(), Subject_Name ?? Subject_Id, Granter_Name ?? Granted_By, Reason, Created_At.ToTime());
}
