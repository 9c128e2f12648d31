using Aigc.Engines.Gateway;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.HandOff;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Waiting;

/// <summary>The buttons on the page of an engine that waits: wait no more, or start in another pool.</summary>
public sealed class QueueForms(GatewayApi api, OwnPage own, IOptions<GatewayOptions> options)
{
    private const int LongestName = 100;

    public Task CancelAsync(HttpContext context, Admission admission) => ServeAsync(context, admission, pool: null);

    public async Task AskForPoolAsync(HttpContext context, Admission admission)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        await (form["pool"] is [{ Length: > 0 and <= LongestName } pool]
            ? ServeAsync(context, admission, pool)
            : Problems.Answer(context, Problems.NoSuchPage));
    }

    private async Task ServeAsync(HttpContext context, Admission admission, string? pool)
    {
        if (!own.Sent(context.Request, admission))
        {
            await Problems.Answer(context, Problems.CrossSite);
            return;
        }

        var request = new QueueRequest(admission.Engine.Id, admission.SignIn.SignIn.User, pool, admission.Address.Text());
        if (await api.QueueAsync(request, context.RequestAborted) is { } problem)
            await Problems.Answer(context, problem);
        else if (pool is null)
            await WriteCancelledAsync(context, admission);
        else
            Return(context);
    }

    private static void Return(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = ReturnUrl.Local(context.Request.Query["returnUrl"]);
    }

    /// <summary>To go back to the engine would wake it again.</summary>
    private Task WriteCancelledAsync(HttpContext context, Admission admission)
    {
        var page = new Page(context);
        var title = admission.Engine.Route.Title.In(page.Language);
        var heading = page.Text($"{title} waits no more", $"{title} 已取消排队");
        return page.WriteAsync(heading, $"""
            <h1>{Page.Html(heading)}</h1>
            <p>{page.Text("Its place in the queue is given up. Its disk is as it was; a visit wakes it again.", "已放弃排队位置，磁盘保持不变；再次访问即可唤醒。")}</p>
            <div class="actions"><a class="main" href="{Page.Html(options.Value.PublicUrl.AbsoluteUri)}">{page.Text("Dashboard", "控制台")}</a></div>
            """);
    }
}
