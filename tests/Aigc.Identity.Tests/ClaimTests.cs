using System.Text.Json;
using Aigc.Api.SigningIn;
using Aigc.Api.SigningIn.Claims;
using Aigc.Engines.People;
using Microsoft.Extensions.Options;
using Person = Aigc.Engines.People.Person;

namespace Aigc.Identity.Tests;

/// <summary>Who somebody is, as each provider says it in its own way.</summary>
public sealed class ClaimTests
{
    [Theory]
    [InlineData(ProviderKind.Generic, """{"sub":"1","preferred_username":"alice","groups":["art","all"],"roles":["admin"]}""", "alice", "art", Role.Admin)]
    [InlineData(ProviderKind.Generic, """{"sub":"1","preferred_username":"alice","groups":"art","roles":"group-manager"}""", "alice", "art", Role.GroupManager)]
    [InlineData(ProviderKind.Generic, """{"sub":"1"}""", "1", "none", Role.User)]
    [InlineData(ProviderKind.Generic, """{"sub":"1","roles":["administrator","Admin"]}""", "1", "none", Role.User)]
    [InlineData(ProviderKind.Logto, """{"sub":"1","username":"alice","organizations":["org1"],"roles":["admin"],"custom_data":{"group":"art"}}""", "alice", "org1", Role.Admin)]
    [InlineData(ProviderKind.Logto, """{"sub":"1","username":null,"email":"a@x.y","custom_data":{"group":"art"}}""", "a@x.y", "art", Role.User)]
    [InlineData(ProviderKind.Keycloak, """{"sub":"1","preferred_username":"alice","groups":["/studio/art"],"realm_access":{"roles":["group-manager"]}}""", "alice", "studio/art", Role.GroupManager)]
    [InlineData(ProviderKind.Keycloak, """{"sub":"1","resource_access":{"aigc.web":{"roles":["admin"]},"other":{"roles":["x"]}}}""", "1", "none", Role.Admin)]
    [InlineData(ProviderKind.Keycloak, """{"sub":"1","resource_access":{"other":{"roles":["admin"]}}}""", "1", "none", Role.User)]
    [InlineData(ProviderKind.Entra, """{"sub":"1","preferred_username":"a@x.y","groups":["5f0c"],"roles":["admin"]}""", "a@x.y", "5f0c", Role.Admin)]
    [InlineData(ProviderKind.Google, """{"sub":"1","email":"a@x.y","hd":"x.y"}""", "a@x.y", "x.y", Role.User)]
    public void Each_provider_is_understood(ProviderKind kind, string claims, string userName, string group, Role role)
    {
        var person = Read(new() { Provider = kind }, claims);
        (person.Id.Value, person.UserName, person.Group.Value, person.Role).ShouldBe(("1", userName, group, role));
    }

    [Fact]
    public void A_setting_says_where_to_look_instead()
    {
        var options = new IdentityOptions();
        options.Claims.Groups = "https://example.com/team departments.name";
        options.Claims.GroupPrefix = "gpu-";
        options.Claims.Roles = "https://example.com/roles email";
        options.Claims.AdminRole = "boss, ops@x.y";
        Read(options, """{"sub":"1","https://example.com/team":["all","gpu-art"],"email":"ops@x.y"}""").ShouldSatisfyAllConditions(
            person => person.Group.Value.ShouldBe("art"), person => person.Role.ShouldBe(Role.Admin));
        Read(options, """{"sub":"1","departments":[{"name":"gpu-film"},{"name":"x"}],"https://example.com/roles":"boss"}""").ShouldSatisfyAllConditions(
            person => person.Group.Value.ShouldBe("film"), person => person.Role.ShouldBe(Role.Admin));
    }

    [Fact]
    public void A_consumer_account_of_google_belongs_to_nobody() =>
        Should.Throw<PersonRefusedException>(() => Read(new() { Provider = ProviderKind.Google }, """{"sub":"1","email":"a@gmail.com"}"""))
            .ForWantOfGroup.ShouldBeTrue();

    private static Person Read(IdentityOptions options, string claims)
    {
        options.ClientId = "aigc.web";
        options.FillIn();
        return new PersonClaims(Options.Create(options)).Read(new ProviderClaims(JsonDocument.Parse(claims).RootElement));
    }
}
