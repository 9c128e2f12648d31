using System.Text.Json.Nodes;
using Aigc.Testing.OpenId;

namespace Aigc.Browser.Tests;

/// <summary>The product behind somebody else's provider: a certified one, whose claims say in which group people are and what they may.</summary>
public sealed class ProviderStudio : Studio
{
    private OpenIdProvider? _provider;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
    }

    protected override async Task HirePeopleAsync()
    {
        _provider = await OpenIdProvider.StartAsync(provider =>
        {
            provider.Gateway = Product.Dashboard;
            foreach (var (name, group, roles) in new[] { ("alice", "/studio/paint", ""), ("bob", "/studio/light", ""), ("mona", "/studio/paint", "lead"), ("admin", "/it", "operator") })
            {
                provider.People[name] = new()
                {
                    ["preferred_username"] = name,
                    ["name"] = name,
                    ["groups"] = new JsonArray(group),
                    ["realm_access"] = new JsonObject { ["roles"] = new JsonArray(roles, "offline_access") },
                };
            }
        });
        foreach (var (setting, value) in new Dictionary<string, string>
        {
            ["Provider"] = "Keycloak",
            ["Authority"] = _provider.Issuer.AbsoluteUri.TrimEnd('/'),
            ["ClientId"] = OpenIdProvider.ClientId,
            ["ClientSecret"] = OpenIdProvider.ClientSecret,
            ["Claims__AdminRole"] = "operator",
            ["Claims__GroupManagerRole"] = "lead",
        })
            Product.Environment[$"Identity__{setting}"] = value;
    }
}

[CollectionDefinition(nameof(OneProviderStudio))]
public sealed class OneProviderStudio : ICollectionFixture<ProviderStudio>;
