using Microsoft.Extensions.Configuration;

namespace Aigc.AppHost;

internal static class Identity
{
    /// <summary>Hands every configured <c>Identity:*</c> value on: somebody else's provider signs people in.</summary>
    public static IResourceBuilder<ProjectResource> WithConfiguredIdentity(this IResourceBuilder<ProjectResource> api)
    {
        foreach (var (key, value) in api.ApplicationBuilder.Configuration.GetSection("Identity").AsEnumerable(makePathsRelative: true))
        {
            if (value is not null) api.WithEnvironment($"Identity__{key.Replace(":", "__", StringComparison.Ordinal)}", value);
        }

        return api;
    }
}
