using System.Text.Encodings.Web;
using System.Text.Unicode;
using Aigc.Api.Dashboard.Access;
using Aigc.Api.Dashboard.Activities;
using Aigc.Api.Dashboard.Admin;
using Aigc.Api.Dashboard.Browsers;
using Aigc.Api.Dashboard.Costs;
using Aigc.Api.Dashboard.Engines;
using Aigc.Api.Dashboard.Errors;
using Aigc.Api.Dashboard.Files;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Dashboard.Live;
using Aigc.Api.Dashboard.People;
using Aigc.Api.Dashboard.Pools;
using Aigc.Api.Dashboard.Rules;
using Aigc.Api.Dashboard.Tokens;

namespace Aigc.Api.Dashboard;

/// <summary>The dashboard: pages that the server renders, forms that lead back to them, and one stream of changes.</summary>
public static class DashboardEndpoints
{
    public static void AddDashboard(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRazorComponents();
        // Chinese is readable in the page's source, and a third of the size.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<IProblemDetailsWriter, ErrorPages>();
        services.AddSingleton<EngineViews>();
        services.AddSingleton<CardRenderer>();
        services.AddSingleton<CardFeed>();
        services.AddDisk();
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.UseWebFiles();
        var root = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(LanguageChoice.RememberAsync);
        root.MapGet("/", EnginePages.HomeAsync).AllowAnonymous();

        var pages = root.MapGroup("").RequireAuthorization();
        var forms = pages.MapGroup("").AddEndpointFilter(FormTokens.RequireAsync).DisableAntiforgery();
        pages.MapEnginePages();
        forms.MapEngineForms();
        forms.MapAccessForms();
        pages.MapFilePages(forms);
        pages.MapTokenPages(forms);
        pages.MapActivityPages();
        pages.MapCostPages(forms);
        pages.MapSignInsPages(forms);
        pages.MapAdminPages();
        pages.MapPeoplePages(forms);
        pages.MapPoolPages(forms);
        pages.MapIdleRulesPages(forms);
        pages.MapLiveCards();
    }
}
