namespace Aigc.Engines.Templates.Importing;

/// <summary>What is known of programs that many people run; told by the name of their image.</summary>
/// <param name="Marks">Parts of an image's name, in lower case.</param>
/// <param name="Port">Where it listens unless told otherwise.</param>
/// <param name="ReadinessPath">GET it, once it works.</param>
/// <param name="Busy">A kind of busy probe.</param>
/// <param name="IgnorePaths">What its page polls by itself.</param>
/// <param name="FromBrowserOnly">Whether it chatters on WebSockets by itself.</param>
/// <param name="ApiArgument">Without this argument its API is not there, and with it neither probe.</param>
internal sealed record KnownEngine(
    string Title, string[] Marks, int Port, string? ReadinessPath, string? Busy, string[] IgnorePaths, bool FromBrowserOnly = false, string? ApiArgument = null)
{
    private static readonly KnownEngine[] All =
    [
        new("ComfyUI", ["comfyui", "comfy-ui"], 8188, "/system_stats", "comfyui", ["/queue", "/history", "/system_stats"], FromBrowserOnly: true),
        new("Stable Diffusion WebUI", ["stable-diffusion", "sd-webui", "sdwebui", "automatic1111", "a1111"], 7860, "/sdapi/v1/options", "a1111",
            ["/internal/progress", "/sdapi/v1/progress", "/queue"], ApiArgument: "--api"),
        new("JupyterLab", ["jupyter", "notebook"], 8888, "/api", null, ["/api/status", "/api/kernels", "/api/terminals", "/api/sessions", "/lab/api"], FromBrowserOnly: true),
    ];

    public static KnownEngine? Of(YamlMap container) =>
        container.Text("image")?.Split('@')[0].ToLowerInvariant() is { } image ? All.FirstOrDefault(known => known.Marks.Any(image.Contains)) : null;

    /// <summary>Whether it answers probes as it is started; words may also be in a variable such as COMMANDLINE_ARGS.</summary>
    public bool HasApi(YamlMap container) => ApiArgument is null || Words.Of(container).Contains(ApiArgument);
}
