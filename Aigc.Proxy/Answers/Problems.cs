using System.Text.Json;
using Aigc.Engines.Gateway;
using Aigc.Proxy.Gate;
using Microsoft.Net.Http.Headers;

namespace Aigc.Proxy.Answers;

/// <summary>Every way a request can fail at the door, and how it is told.</summary>
public static class Problems
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static readonly Problem ForeignHost = new("unknown-host", StatusCodes.Status421MisdirectedRequest,
        new("This gateway does not serve that host name.", "此网关不提供该主机名的服务。"),
        new("Check the address, or open the dashboard.", "请检查地址，或打开控制台。"));

    public static readonly Problem NoSuchPage = new("not-found", StatusCodes.Status404NotFound,
        new("There is nothing at this address.", "此地址没有内容。"),
        new("Check the address, or open the dashboard.", "请检查地址，或打开控制台。"));

    public static readonly Problem UnknownEngine = new("unknown-engine", StatusCodes.Status404NotFound,
        new("There is no engine at this address.", "此地址没有引擎。"),
        new("It may have been deleted. Your engines are on the dashboard.", "它可能已被删除。您的引擎都在控制台中。"));

    public static readonly Problem NotSignedIn = new("not-signed-in", StatusCodes.Status401Unauthorized,
        new("This engine needs a sign-in.", "访问此引擎需要登录。"),
        new("Open its address in a browser to sign in, or send a personal token as Authorization: Bearer.", "请在浏览器中打开其地址登录，或以 Authorization: Bearer 发送个人令牌。"));

    public static readonly Problem NotYours = new("not-yours", StatusCodes.Status403Forbidden,
        new("This engine belongs to somebody else.", "此引擎属于其他人。"),
        new("Open one of your own engines from the dashboard, or sign in as its owner.", "请从控制台打开您自己的引擎，或以其所有者身份登录。"));

    public static readonly Problem ViewOnly = new("view-only", StatusCodes.Status403Forbidden,
        new("This engine is shared with you to look at, not to work with.", "此引擎仅供您查看，不能操作。"),
        new("Ask its owner to do this, or take an engine of your own from the dashboard.", "请让其所有者来操作，或从控制台领取您自己的引擎。"));

    public static readonly Problem OwnerWakes = new("owner-must-wake", StatusCodes.Status503ServiceUnavailable,
        new("This engine is not ready, and it is shared with you to look at only.", "此引擎尚未就绪，且仅供您查看。"),
        new("Ask its owner to wake it, then open it again.", "请让其所有者唤醒它，然后重新打开。"), TimeSpan.FromSeconds(30));

    public static readonly Problem ScopeMissing = new("scope-missing", StatusCodes.Status403Forbidden,
        new("This token is not good for opening engines.", "此令牌不能用于打开引擎。"),
        new("Make a token with the scope engines:use on the dashboard, under Tokens.", "请在控制台的“访问令牌”中创建带有 engines:use 权限的令牌。"));

    public static readonly Problem StaleCode = new("stale-sign-in", StatusCodes.Status400BadRequest,
        new("This sign-in link is too old, or was already used.", "此登录链接已过期或已被使用。"),
        new("Try again: it takes one click.", "请重试，只需点击一次。"));

    public static readonly Problem CrossSite = new("cross-site", StatusCodes.Status403Forbidden,
        new("A page of another site asked for this.", "此请求来自其他网站的页面。"),
        new("Open the address itself, or do it on a page of this host. Programs send a personal token.", "请直接打开该地址，或在本站页面上操作。程序请使用个人令牌。"));

    public static readonly Problem NoSuchMethod = new("method-not-allowed", StatusCodes.Status405MethodNotAllowed,
        new("This method is not for here.", "此处不支持该请求方法。"),
        new("Ask in another way.", "请使用其他方法。"));

    public static readonly Problem Asleep = new("engine-not-ready", StatusCodes.Status503ServiceUnavailable,
        new("The engine is not ready, and a page's own request does not wake it.", "引擎尚未就绪，页面自身的请求不会唤醒它。"),
        new("Open or reload the engine's page to wake it.", "请打开或刷新引擎页面以唤醒它。"), TimeSpan.FromSeconds(10));

    public static readonly Problem Failed = new("engine-failed", StatusCodes.Status503ServiceUnavailable,
        new("The engine could not be started.", "引擎无法启动。"),
        new("Read the reason, then try again from the engine's page or the dashboard.", "请查看原因，然后在引擎页面或控制台重试。"), TimeSpan.FromSeconds(30));

    public static readonly Problem StillStarting = new("engine-still-starting", StatusCodes.Status504GatewayTimeout,
        new("The engine is still on its way; this request has waited as long as it may.", "引擎仍在启动中，此请求已等待至上限。"),
        new("Send it again in a moment: the engine goes on starting.", "请稍后重试，引擎会继续启动。"), Soon);

    public static readonly Problem TooManyWaiting = new("too-many-waiting", StatusCodes.Status503ServiceUnavailable,
        new("Too many requests are waiting for engines already.", "等待引擎的请求已过多。"),
        new("Send it again in a few seconds.", "请几秒后重试。"), TimeSpan.FromSeconds(5));

    public static readonly Problem Unreachable = new("engine-unreachable", StatusCodes.Status503ServiceUnavailable,
        new("The engine is there, but does not accept connections.", "引擎已启动，但不接受连接。"),
        new("Send it again in a moment; if it stays so, restart the engine from the dashboard.", "请稍后重试；若仍如此，请在控制台重启引擎。"), Soon);

    public static readonly Problem WaitsNoMore = new("waits-no-more", StatusCodes.Status409Conflict,
        new("The engine does not wait any more, or that pool is closed.", "引擎已不在排队，或该资源池已关闭。"),
        new("Look at how things are now on the engine's page or the dashboard.", "请在引擎页面或控制台查看最新状态。"));

    public static readonly Problem BrokenBody = new("broken-body", StatusCodes.Status400BadRequest,
        new("The request's body broke off, or was not well formed.", "请求正文中断或格式有误。"),
        new("Send it again.", "请重新发送。"));

    public static readonly Problem EngineDropped = new("engine-dropped", StatusCodes.Status502BadGateway,
        new("The engine dropped the connection before it answered.", "引擎在应答前断开了连接。"),
        new("Look at the engine's log on the dashboard: it may have crashed or run out of memory. Then send the request again.", "请在控制台查看引擎日志：它可能已崩溃或内存不足。然后重新发送请求。"));

    public static readonly Problem GatewayStarting = new("gateway-starting", StatusCodes.Status503ServiceUnavailable,
        new("The gateway is just starting, or a part of it is away.", "网关正在启动，或其部分组件暂不可用。"),
        new("Try again in a few seconds.", "请几秒后重试。"), Soon);

    public static Problem TooManyRequests(TimeSpan pause) => new("too-many-requests", StatusCodes.Status429TooManyRequests,
        new("Too many requests come from here.", "来自此处的请求过多。"),
        new($"Try again in {pause.TotalSeconds:0} seconds.", $"请在 {pause.TotalSeconds:0} 秒后重试。"), pause);

    public static Problem TooManyAwake(TooManyAwakeAnswer full) => full.Quota is { } quota
        ? new("quota-used", StatusCodes.Status409Conflict, new("A quota is used, so the engine can't be woken.", "配额已用完，无法唤醒引擎。"), quota)
        : new("too-many-awake", StatusCodes.Status409Conflict,
        new("You have too many engines awake to wake another.", "您已唤醒的引擎过多，无法再唤醒一个。"),
        new($"One person keeps at most {full.Limit} awake, and these are: {string.Join(", ", full.Awake)}. Put one of them to sleep on the dashboard, then try again.",
            $"每人最多同时唤醒 {full.Limit} 个引擎，目前已唤醒：{string.Join("、", full.Awake)}。请在控制台让其中一个休眠，然后重试。"));

    /// <summary>Answers with the problem, as a page when a person navigated here.</summary>
    /// <param name="reason">What is known besides, such as why an engine failed.</param>
    public static Task Answer(HttpContext context, Problem problem, string? reason = null)
    {
        Prepare(context, problem);
        context.RequestServices.GetRequiredService<ProxyMetrics>().Answered(problem.Name, problem.Status);
        return Caller.Of(context.Request).IsNavigation
            ? ProblemPage.WriteAsync(context, problem, retryUrl: null)
            : WriteAsync(context, problem, reason);
    }

    public static void Prepare(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        OwnHeaders.Set(context);
        if (problem.RetryAfter is { } pause)
            response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64((long)pause.TotalSeconds);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
    }

    private static Task WriteAsync(HttpContext context, Problem problem, string? reason)
    {
        var language = Language.Of(context.Request);
        var next = problem.Next.In(language);
        var detail = reason is null ? next : reason + " " + next;
        return context.Response.WriteAsJsonAsync(
            new { type = problem.Type, title = problem.Title.In(language), status = problem.Status, detail, reason, next },
            Json, "application/problem+json", context.RequestAborted);
    }
}
