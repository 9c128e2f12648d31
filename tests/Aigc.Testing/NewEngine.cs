using Aigc.Engines.Lifecycle;

namespace Aigc.Testing;

/// <summary>Rows of engines as they are when somebody takes them: alice's, asleep, never woken.</summary>
public static class NewEngine
{
    /// <param name="host">What its host name begins with.</param>
    public static Engine Of(string template, string version, string host, DateTimeOffset now)
    {
        var id = EngineId.New();
        return new()
        {
            Id = id,
            Owner = new("alice"),
            Group = new("studio"),
            Template = template,
            TemplateVersion = version,
            Host = $"{host}-{id}",
            Desired = Desired.Asleep,
            DesiredReason = new(Reasons.Created),
            Generation = 1,
            CreatedAt = now,
            StateSince = now,
        };
    }
}
