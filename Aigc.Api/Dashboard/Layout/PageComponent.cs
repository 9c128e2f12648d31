using Aigc.Api.Dashboard.Words;
using Microsoft.AspNetCore.Components;

namespace Aigc.Api.Dashboard.Layout;

/// <summary>A part of a page. Parts only render: endpoints have read what they show.</summary>
public abstract class PageComponent : ComponentBase
{
    [Parameter, EditorRequired]
    public required Page Page { get; set; }

    protected Text Text => Page.Text;
}
