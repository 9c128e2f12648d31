using System.Text;
using System.Text.Encodings.Web;
using Aigc.DevIdentity.Users;

namespace Aigc.DevIdentity.SigningIn;

/// <summary>The list of people. A choice repeats the request with that person as its login_hint.</summary>
internal static class SignInPage
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f6f6f4,#16171b);color:light-dark(#1d1e22,#ececf0);font:16px/1.5 system-ui,"Noto Sans","Noto Sans CJK SC",sans-serif}
        main{width:min(400px,calc(100vw - 32px));padding:24px 0}
        h1{margin:0;font-size:1.5rem} p{margin:6px 0 18px;color:light-dark(#5b5d66,#a8abb8)}
        p[role=alert]{padding:10px 14px;border-left:4px solid light-dark(#a3320b,#ffb59b);background:light-dark(#fff,#202228);color:inherit;overflow-wrap:anywhere}
        form{display:grid;gap:10px}
        button{display:flex;justify-content:space-between;align-items:baseline;gap:12px;padding:12px 16px;border:1px solid light-dark(#8a8c96,#73767f);border-radius:10px;background:light-dark(#fff,#202228);color:inherit;font:inherit;text-align:left;cursor:pointer}
        button:hover{border-color:light-dark(#3b3fb6,#a9adff)} b{font-weight:600} span{font-size:.875rem;color:light-dark(#5b5d66,#a8abb8)}
        :focus-visible{outline:3px solid light-dark(#3b3fb6,#a9adff);outline-offset:2px}
        """;

    public static IResult Show(HttpContext context, AuthorizeRequest request, UserDirectory users)
    {
        var words = SignInWords.For(context.Request);
        var html = new StringBuilder($"""
            <!doctype html><html lang="{words.Language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{words.Title}</title><link rel="icon" href="data:,"><style>{Style}</style></head>
            <body><main><h1>{words.Title}</h1><p>{words.Explanation}</p>
            """);
        if (request.LoginHint is { Length: > 0 } unknown)
            html.Append(null, $"""<p role="alert">{Encode(words.Unknown(unknown))}</p>""");
        html.Append("""<form method="get" action="/identity/authorize">""");
        foreach (var (key, value) in request.Query.Where(p => p.Key is not ("login_hint" or "prompt")))
            html.Append(null, $"""<input type="hidden" name="{Encode(key)}" value="{Encode(value.ToString())}">""");
        foreach (var user in users.All)
            html.Append(null, $"""<button name="login_hint" value="{Encode(user.Name)}"><b>{Encode(user.Name)}</b><span>{Encode(words.Describe(user))}</span></button>""");
        html.Append("</form></main></body></html>");
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'";
        return Results.Content(html.ToString(), "text/html; charset=utf-8");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
