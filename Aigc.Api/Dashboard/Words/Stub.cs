namespace Aigc.Engines.Lifecycle;

public static class StateWords
{
    public static string Say(EngineState s, string l) => l == "zh" ? s switch { EngineState.Asleep => "休眠中", EngineState.Queued => "排队中", EngineState.Starting => "启动中", EngineState.Ready => "就绪", EngineState.Stopping => "停止中", EngineState.Failed => "失败", _ => "删除中" } : s.ToString();
}
public static class ReasonWords
{
    public static string Say(Reason r, string l) => l == "zh" ? $"原因 {r.Code} {r.Detail?.Split('\n')[0]}" : $"Because {r.Code} {r.Detail?.Split('\n')[0]}";
    public static string Next(Reason r, string l) => l == "zh" ? "请重试。" : "Try again. If it fails again, look at the log.";
}
