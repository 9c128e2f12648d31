using System.Security.Cryptography;
using System.Text.Encodings.Web;

namespace Aigc.Proxy.Answers;

/// <summary>The frame of our own pages: one calm card, light and dark, nothing loaded from anywhere.</summary>
public sealed class Page(HttpContext context)
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1a1f29;--soft:#586072;--paper:#fff;--ground:#f6f7f9;--line:#dfe3e9;--sunken:#f0f2f5;--accent:#4338ca;--on-accent:#fff;--bad:#b3211c;--bad-back:#fdeaea;--shadow:0 1px 2px rgb(20 25 40/6%),0 12px 40px rgb(20 25 40/7%)}
        @media(prefers-color-scheme:dark){:root{--ink:#e9ecf2;--soft:#a3acbd;--paper:#1a1e27;--ground:#11141a;--line:#2d3340;--sunken:#14171f;--accent:#a9a4ff;--on-accent:#14122e;--bad:#ff9a92;--bad-back:#3b1a1a;--shadow:0 1px 2px rgb(0 0 0/40%)}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:24px 16px;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
        main{width:100%;max-width:520px;padding:44px 36px 36px;background:var(--paper);border:1px solid var(--line);border-radius:18px;text-align:center;box-shadow:var(--shadow)}
        h1{font-size:23px;line-height:1.3;letter-spacing:-.01em;margin:0 0 8px;overflow-wrap:anywhere;text-wrap:balance}
        h2{font-size:13px;font-weight:600;color:var(--soft);text-align:left;margin:24px 0 6px}
        p{margin:0 0 12px;color:var(--soft);overflow-wrap:anywhere;text-wrap:pretty}
        .actions{display:flex;gap:12px;justify-content:center;flex-wrap:wrap;margin-top:28px}
        .actions a,.actions button{display:inline-block;font:inherit;font-weight:600;padding:9px 20px;border-radius:10px;border:1px solid var(--line);background:none;color:var(--ink);text-decoration:none;cursor:pointer}
        .actions a:hover,.actions button:hover{border-color:var(--accent)}
        .actions .main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
        .actions .main:hover{filter:brightness(1.08)}
        a:focus-visible,button:focus-visible,pre:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        pre{text-align:left;font:12.5px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;max-height:260px;overflow:auto;background:var(--sunken);border:1px solid var(--line);border-radius:10px;padding:12px 14px;margin:0 0 20px}
        .ring,.mark{width:56px;height:56px;margin:0 auto 24px;border-radius:50%}
        .ring{border:4px solid var(--line);border-top-color:var(--accent);animation:turn 1.4s linear infinite}
        .mark{display:grid;place-items:center;background:var(--bad-back);color:var(--bad);font-size:28px;font-weight:700;line-height:1}
        .elapsed{font-size:28px;font-weight:600;line-height:1.2;color:var(--ink);font-variant-numeric:tabular-nums;margin:20px 0 6px}
        .note{font-size:14px;margin:0}
        [hidden]{display:none!important}
        main:has(#waiting[hidden]) .ring{display:none}
        @keyframes turn{to{transform:rotate(1turn)}}
        @media(prefers-reduced-motion:reduce){.ring{animation-duration:8s}}
        @media(max-width:480px){main{padding:36px 20px 28px}.actions>*,.actions button{width:100%}}
        """;

    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    public string Language { get; } = Answers.Language.Of(context.Request);

    public static string Html(string text) => HtmlEncoder.Default.Encode(text);

    public string Text(string en, string zh) => Language == Answers.Language.Chinese ? zh : en;

    /// <param name="title">Text.</param>
    /// <param name="main">HTML.</param>
    /// <param name="script">JavaScript, or empty.</param>
    /// <param name="head">HTML.</param>
    public Task WriteAsync(string title, string main, string script = "", string head = "")
    {
        var headers = context.Response.Headers;
        OwnHeaders.Set(context);
        headers.Vary = "Accept-Language";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{_nonce}'; script-src 'nonce-{_nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync($"""
            <!doctype html>
            <html lang="{Text("en", "zh-CN")}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html(title)}</title>
            {head}
            <style nonce="{_nonce}">{Style}</style>
            </head>
            <body>
            <main>{main}</main>
            {(script.Length == 0 ? "" : $"<script nonce=\"{_nonce}\">{script}</script>")}
            </body>
            </html>

            """, context.RequestAborted);
    }
}
