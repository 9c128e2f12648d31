using Aigc.Engines.Gateway;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.HandOff;
using Aigc.Proxy.Routes;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Waiting;

/// <summary>What a person sees in place of an engine that is on its way, or that failed. Follows <see cref="EngineEvents"/> and becomes the engine by itself.</summary>
public sealed class WaitingPage(RouteTable routes, IOptions<GatewayOptions> options, ProxyMetrics metrics, TimeProvider time)
{
    private const string Script = """
        const el = id => document.getElementById(id), failed = !!el('failed');
        let began = performance.now() - Number(el('elapsed').dataset.ms), slept = false, woke = false;
        const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });
        const tick = () => {
          const s = Math.max(0, Math.floor((performance.now() - began) / 1000));
          const [n, unit] = s < 60 ? [s, 'second'] : s < 3600 ? [s / 60, 'minute'] : s < 86400 ? [s / 3600, 'hour'] : [s / 86400, 'day'];
          el('elapsed').textContent = failed ? ago.format(-Math.floor(n), unit) : Math.floor(s / 60) + ':' + String(s % 60).padStart(2, '0');
        };
        tick(); setInterval(tick, 1000);
        if (failed) { el('when').hidden = false; if (el('log')) el('log').scrollTop = el('log').scrollHeight; }
        const events = new EventSource('/.aigc/events');
        events.addEventListener('state', e => {
          const now = JSON.parse(e.data);
          if (now.ready || (now.state === 'Failed') !== failed) { events.close(); location.reload(); return; }
          woke = woke || now.state !== 'Asleep';
          slept = woke && now.state === 'Asleep';
          began = performance.now() - now.elapsed;
          tick();
          el('heading').textContent = slept ? now.asleep : now.heading;
          el('reason').textContent = slept ? now.asleepReason : now.reason;
          if (!failed) el('waiting').hidden = slept;
          el('again').hidden = !failed && !slept;
          if (el('cancel')) {
            el('cancel').hidden = slept || !['Queued', 'Starting'].includes(now.state);
            el('other').hidden = slept || !now.other;
            if (now.other) { el('pool').value = now.other; el('pool').textContent = now.otherWords; }
          }
        });
        """;

    private readonly string _dashboard = options.Value.PublicUrl.AbsoluteUri;

    public Task WriteWaitingAsync(HttpContext context, Admission admission) => WriteAsync(context, admission, failed: false);

    public Task WriteFailedAsync(HttpContext context, Admission admission) => WriteAsync(context, admission, failed: true);

    private Task WriteAsync(HttpContext context, Admission admission, bool failed)
    {
        var engine = admission.Engine;
        metrics.Paged();
        var page = new Page(context);
        var view = EngineView.Of(engine, routes.Placed(engine.Route), page.Language, time.GetUtcNow());
        var returnUrl = ReturnUrl.Of(context.Request);
        string Action(string name) => Page.Html($"/.aigc/{name}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = failed ? "30" : "2";
        return page.WriteAsync(view.Heading, $"""
            {(failed ? """<div class="mark" aria-hidden="true">!</div>""" : """<div class="ring" aria-hidden="true"></div>""")}
            <div role="status" aria-live="polite">
            <h1 id="heading">{Page.Html(view.Heading)}</h1>
            <p id="reason">{Page.Html(view.Reason)}</p>
            </div>
            {(failed ? Failed(page, view) : Live(page, view))}
            <div class="actions">
            <form id="again" method="post" action="{Action("wake")}"{(failed ? "" : " hidden")}><button class="main">{(failed ? page.Text("Try again", "重试") : page.Text("Wake", "唤醒"))}</button></form>
            {(failed || !admission.IsOwner ? "" : $"""
                <form id="other" method="post" action="{Action("pool")}"{(view.Other is null ? " hidden" : "")}><button class="main" id="pool" name="pool" value="{Page.Html(view.Other ?? "")}">{Page.Html(view.OtherWords ?? "")}</button></form>
                <form id="cancel" method="post" action="{Action("cancel")}"><button>{page.Text("Cancel", "取消")}</button></form>
                """)}
            <a href="{Page.Html(_dashboard)}">{page.Text("Dashboard", "控制台")}</a>
            </div>
            """,
            Script,
            failed ? "" : """<noscript><meta http-equiv="refresh" content="3"></noscript>""");
    }

    /// <summary>The script counts on; without it, the page comes anew every few seconds.</summary>
    private static string Live(Page page, EngineView view)
    {
        var elapsed = TimeSpan.FromMilliseconds(view.Elapsed);
        return $"""
            <div id="waiting">
            <p id="elapsed" class="elapsed" data-ms="{view.Elapsed}" aria-hidden="true">{(int)elapsed.TotalMinutes}:{elapsed:ss}</p>
            <p class="note">{page.Text("Keep this page open: it becomes your engine by itself.", "请保持本页打开,就绪后将自动进入引擎。")}</p>
            </div>
            """;
    }

    private static string Failed(Page page, EngineView view) => $"""
        {(view.Log is null ? "" : $"<h2>{page.Text("Its last lines", "最后的日志")}</h2><pre id=\"log\" tabindex=\"0\">{Page.Html(view.Log)}</pre>")}
        <p id="failed" class="note">{page.Text("Your disk and your work are safe.", "您的磁盘和作品是安全的。")} <span id="when" hidden>{page.Text("It happened", "发生于")} <span id="elapsed" data-ms="{view.Elapsed}"></span>{page.Text(".", "。")}</span></p>
        """;
}
