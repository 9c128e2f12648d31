namespace Aigc.Engines.Lifecycle;

/// <summary>An engine's state in one word for people.</summary>
public static class StateWords
{
    /// <param name="language">A two-letter language name; anything but <c>zh</c> is English.</param>
    public static string For(EngineState state, string language) => language == "zh" ? Chinese(state) : state.ToString();

    private static string Chinese(EngineState state) => state switch
    {
        EngineState.Asleep => "休眠中",
        EngineState.Queued => "排队中",
        EngineState.Starting => "启动中",
        EngineState.Ready => "已就绪",
        EngineState.Stopping => "停止中",
        EngineState.Failed => "失败",
        EngineState.Deleting => "删除中",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
