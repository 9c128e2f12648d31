using Aigc.Engines.Lifecycle;

namespace Aigc.Testing;

/// <summary>Rows of engines as they are when somebody takes them: alice's, asleep, never woken.</summary>
public static class NewEngine
{
    /// <param name="host">What its host name begins with.</param>
    public static Engine Of(string template, string version, string host, DateTimeOffset now)
    {
        var id = EngineId.New();
        return Engine.Taken(new("alice"), new("studio"), template, version, $"{host}-{id}", now, id);
    }
}
