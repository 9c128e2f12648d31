namespace Aigc.Worker.Local;

/// <summary>An engine's environment: a short list and what its template says. Never the worker's own, which holds secrets.</summary>
internal static class EngineEnvironment
{
    /// <summary>Marks each process of an engine, so that none is ever unowned.</summary>
    public const string EngineIdName = "AIGC_ENGINE_ID";
    public const string EngineUidName = "AIGC_ENGINE_UID";
    private static readonly string[] Kept = ["PATH", "LANG", "TZ", "DOTNET_ROOT"];

    /// <param name="own">The template's part, filled in; it may replace what is here, but not the marks.</param>
    public static Dictionary<string, string> Create(
        string engine, string uid, string home, string temp, IEnumerable<KeyValuePair<string, string>> own)
    {
        var all = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["LANG"] = "C.UTF-8" };
        foreach (var name in Kept)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                all[name] = value;
        }

        all["HOME"] = home;
        all["TMPDIR"] = temp;
        foreach (var (name, value) in own)
            all[name] = value;
        all[EngineIdName] = engine;
        all[EngineUidName] = uid;
        return all;
    }
}
