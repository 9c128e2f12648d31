using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Answers;

/// <summary>A problem as a page.</summary>
public static class ProblemPage
{
    /// <param name="retryUrl">A local address to try again at; null: the page itself.</param>
    public static Task WriteAsync(HttpContext context, Problem problem, string? retryUrl)
    {
        Problems.Prepare(context, problem);
        var page = new Page(context);
        var title = problem.Title.In(page.Language);
        var dashboard = context.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value.PublicUrl;
        return page.WriteAsync(title, $"""
            <h1>{Page.Html(title)}</h1>
            <p>{Page.Html(problem.Next.In(page.Language))}</p>
            <div class="actions">
            <a class="main" href="{Page.Html(retryUrl ?? "")}">{page.Text("Try again", "重试")}</a>
            <a href="{Page.Html(dashboard.AbsoluteUri)}">{page.Text("Dashboard", "控制台")}</a>
            </div>
            """);
    }
}
