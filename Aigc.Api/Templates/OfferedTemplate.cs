using System.Globalization;
using Aigc.Engines.Templates;

namespace Aigc.Api.Templates;

/// <summary>A template as the API shows it.</summary>
/// <param name="Title">In the language of the request.</param>
/// <param name="Icon">An emoji or up to two letters.</param>
/// <param name="IdleTimeout">Its engines sleep after this long without activity.</param>
public sealed record OfferedTemplate(
    string Name, string Title, string Description, string Icon, string Version, TimeSpan IdleTimeout, TimeSpan StartTimeout, TimeSpan StopTimeout)
{
    public static OfferedTemplate Of(Template template)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        return new(
            template.Name, template.Title.In(language), template.Description.In(language), template.Icon, template.Version,
            template.IdleTimeout, template.StartTimeout, template.StopTimeout);
    }
}
