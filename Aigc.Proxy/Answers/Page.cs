using System.Security.Cryptography;
using System.Text.Encodings.Web;

namespace Aigc.Proxy.Answers;

/// <summary>The frame of our own pages: one calm card, light and dark, nothing loaded from anywhere.</summary>
public sealed class Page(HttpContext context)
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1d2433;--soft:#5b6478;--paper:#fff;--ground:#f3f5f9;--line:#e1e5ee;--accent:#4657d8}
        @media(prefers-color-scheme:dark){:root{--ink:#e8ebf3;--soft:#9aa4ba;--paper:#181d29;--ground:#0f131c;--line:#2a3142;--accent:#8c9aff}}
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
        main{width:100%;max-width:480px;padding:40px 32px;background:var(--paper);border:1px solid var(--line);border-radius:20px;text-align:center;box-shadow:0 12px 40px rgb(20 30 60/.07)}
        h1{font-size:22px;line-height:1.3;margin:0 0 8px;overflow-wrap:anywhere}
        p{margin:0 0 12px;color:var(--soft)}
        .actions{display:flex;gap:12px;justify-content:center;flex-wrap:wrap;margin-top:28px}
        .actions a,.actions button{font:inherit;padding:9px 20px;border-radius:10px;border:1px solid var(--line);background:none;color:var(--ink);text-decoration:none;cursor:pointer}
        .actions .main{background:var(--accent);border-color:var(--accent);color:var(--paper);font-weight:600}
        .actions a:focus-visible,.actions button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        pre{text-align:left;font-size:12.5px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere;max-height:240px;overflow:auto;background:var(--ground);border-radius:10px;padding:14px;margin:16px 0}
        .ring{width:56px;height:56px;margin:0 auto 24px;border-radius:50%;border:4px solid var(--line);border-top-color:var(--accent);animation:turn 1.6s linear infinite}
        .elapsed{font-variant-numeric:tabular-nums;font-size:14px}
        [hidden]{display:none!important}
        @keyframes turn{to{transform:rotate(1turn)}}
        @media(prefers-reduced-motion:reduce){.ring{animation-duration:8s}}
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
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
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
