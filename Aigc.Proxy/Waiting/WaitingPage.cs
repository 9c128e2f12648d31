using Aigc.Engines.Gateway;
using Aigc.Proxy.Answers;
using Aigc.Proxy.HandOff;
using Aigc.Proxy.Routes;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Waiting;

/// <summary>What a person sees in place of an engine that is on its way, or that failed. Follows <see cref="EngineEvents"/> and becomes the engine by itself.</summary>
public sealed class WaitingPage(IOptions<GatewayOptions> options, ProxyMetrics metrics, TimeProvider time)
{
    private const string Script = """
        const el = id => document.getElementById(id), failed = !!el('failed');
        let began = performance.now() - Number(el('elapsed').dataset.ms), slept = false, woke = false;
        const tick = () => {
          const s = Math.max(0, Math.floor((performance.now() - began) / 1000));
          el('elapsed').textContent = Math.floor(s / 60) + ':' + String(s % 60).padStart(2, '0');
        };
        tick(); setInterval(tick, 1000);
        const events = new EventSource('/.aigc/events');
        events.addEventListener('state', e => {
          const now = JSON.parse(e.data);
          if (now.ready || (now.state === 'Failed') !== failed) { events.close(); location.reload(); return; }
          woke = woke || now.state !== 'Asleep';
          slept = woke && now.state === 'Asleep';
          began = performance.now() - now.elapsed;
          tick();
          el('heading').textContent = slept ? now.asleep : now.heading;
          el('reason').textContent = now.reason;
          el('again').hidden = !failed && !slept;
          el('ring').hidden = failed || slept;
        });
        """;

    private readonly string _dashboard = options.Value.PublicUrl.AbsoluteUri;

    public Task WriteWaitingAsync(HttpContext context, LiveEngine engine) => WriteAsync(context, engine, failed: false);

    public Task WriteFailedAsync(HttpContext context, LiveEngine engine) => WriteAsync(context, engine, failed: true);

    private Task WriteAsync(HttpContext context, LiveEngine engine, bool failed)
    {
        metrics.Paged();
        var page = new Page(context);
        var view = EngineView.Of(engine, page.Language, time.GetUtcNow());
        var returnUrl = ReturnUrl.Of(context.Request);
        var action = Page.Html("/.aigc/wake?returnUrl=" + Uri.EscapeDataString(returnUrl));
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = failed ? "30" : "2";
        return page.WriteAsync(view.Heading, $"""
            <div id="ring" class="ring"{(failed ? " hidden" : "")}></div>
            <div role="status" aria-live="polite">
            <h1 id="heading">{Page.Html(view.Heading)}</h1>
            <p id="reason">{Page.Html(view.Reason)}</p>
            </div>
            {(failed && view.Detail is not null ? $"<pre>{Page.Html(view.Detail)}</pre>" : "")}
            <p class="elapsed"{(failed ? " id=\"failed\"" : "")}>{(failed
                ? page.Text("Your disk and your work are safe. This happened ", "您的磁盘和作品是安全的。发生于 ")
                : page.Text("This page becomes your engine by itself. ", "就绪后本页将自动进入引擎。"))}<span id="elapsed" data-ms="{view.Elapsed}" aria-hidden="true"></span>{(failed ? page.Text(" ago", " 前") : "")}</p>
            <div class="actions">
            <form id="again" method="post" action="{action}"{(failed ? "" : " hidden")}><button class="main">{page.Text("Try again", "重试")}</button></form>
            <a href="{Page.Html(_dashboard)}">{(failed ? page.Text("Dashboard", "控制台") : page.Text("Cancel", "取消"))}</a>
            </div>
            """,
            Script,
            failed ? "" : """<noscript><meta http-equiv="refresh" content="3"></noscript>""");
    }
}
