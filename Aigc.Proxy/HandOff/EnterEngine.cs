using Aigc.Engines.Access;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Limits;
using Aigc.Proxy.Routes;
using Aigc.Proxy.SignIns;

namespace Aigc.Proxy.HandOff;

/// <summary>The end of the way back from the dashboard: a one-time code becomes a sign-in on the engine's host.</summary>
public sealed class EnterEngine(
    GatewayApi api, GatewayCookies cookies, SignInRedirect redirect, SignInCache signIns, AddressLimits limits, TimeProvider time)
{
    public async Task ServeAsync(HttpContext context, LiveEngine engine)
    {
        if (limits.SignIn(context) is { } pause)
        {
            await Problems.Answer(context, Problems.TooManyRequests(pause));
            return;
        }
        var request = context.Request;
        var returnUrl = ReturnUrl.Local(request.Query["returnUrl"]);
        var answer = request.Query["code"].ToString() is { Length: > 0 and < 512 } code && redirect.Nonce(request) is { } nonce
            ? await api.RedeemAsync(new(code, engine.Route.Host, nonce), context.RequestAborted)
            : null;
        if (answer is not null)
            context.Response.Cookies.Append(cookies.Engine, answer.Cookie, cookies.Options(answer.ExpiresAt));
        else if (!await IsSignedInAsync(context, engine))
        {
            await ProblemPage.WriteAsync(context, Problems.StaleCode, returnUrl);
            return;
        }
        await GoOnAsync(context, returnUrl);
    }

    /// <summary>Somebody who went back to a used link is signed in already.</summary>
    private async Task<bool> IsSignedInAsync(HttpContext context, LiveEngine engine)
    {
        var credential = GatewayCookies.Find(context.Request.Headers.Cookie, cookies.Engine).ToString();
        return credential.Length > 0
            && await signIns.VerifyAsync(credential, context.Connection.RemoteIpAddress.Text(), context.RequestAborted) is { SignIn: var signIn }
            && AccessRule.RightsOf(signIn.Standing, engine.Route, time.GetUtcNow()).HasFlag(Rights.View);
    }

    /// <summary>
    /// A redirect would carry on the dashboard's <c>Sec-Fetch-Site: cross-site</c>, which engines such as ComfyUI refuse.
    /// A browser therefore hops from a page of the engine's own host.
    /// </summary>
    private static Task GoOnAsync(HttpContext context, string returnUrl)
    {
        if (!context.Request.Headers.ContainsKey("Sec-Fetch-Site"))
        {
            OwnHeaders.Set(context);
            context.Response.Redirect(returnUrl);
            return Task.CompletedTask;
        }
        var page = new Page(context);
        var title = page.Text("Signing in…", "正在登录…");
        var link = Page.Html(returnUrl);
        return page.WriteAsync(
            title,
            $"""<div class="ring"></div><h1>{title}</h1><p><a id="go" href="{link}">{page.Text("Continue", "继续")}</a></p>""",
            script: "location.replace(document.getElementById('go').href)",
            head: $"""<meta http-equiv="refresh" content="1;url={link}">""");
    }
}
