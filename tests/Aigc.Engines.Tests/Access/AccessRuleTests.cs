using Aigc.Engines.Access;
using Aigc.Engines.People;

namespace Aigc.Engines.Tests.Access;

/// <summary>Whoever gets a right here that they should not have reads another company's models.</summary>
public sealed class AccessRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly UserId Alice = new("alice");
    private static readonly GroupId Art = new("art");
    private static readonly Standing Bob = new(new("bob"), Art, Role.User);

    private const Rights Managed = Rights.See | Rights.Manage;
    private const Rights Viewed = Rights.See | Rights.View;

    [Fact]
    public void The_owner_may_everything_whatever_else_they_are()
    {
        foreach (var role in Enum.GetValues<Role>())
            Of(new(Alice, new("elsewhere"), role)).ShouldBe(Managed | Viewed | Rights.Use | Rights.Own);
    }

    [Theory]
    [InlineData(Role.User, "art", Rights.None)]
    [InlineData(Role.GroupManager, "art", Managed)]
    [InlineData(Role.GroupManager, "film", Rights.None)]
    [InlineData(Role.GroupManager, "ART", Rights.None)]
    [InlineData(Role.Admin, "film", Managed)]
    [InlineData((Role)99, "art", Rights.None)]
    public void A_role_manages_and_does_not_look_inside(Role role, string group, Rights expected) =>
        Of(new(new("bob"), new(group), role)).ShouldBe(expected);

    [Fact]
    public void A_share_lets_look_and_no_more()
    {
        Of(Bob, Person("bob", AccessLevel.View)).ShouldBe(Viewed);
        Of(Bob, Person("bo", AccessLevel.View), Person("bobby", AccessLevel.View), Person("", AccessLevel.View)).ShouldBe(Rights.None);
        Of(Bob with { Role = Role.GroupManager }, Person("bob", AccessLevel.View)).ShouldBe(Viewed | Managed);
    }

    [Fact]
    public void A_groups_share_is_for_those_who_are_in_the_engines_group_now()
    {
        var share = new Grant(SubjectKind.Group, "art", AccessLevel.View, null);
        Of(Bob, share).ShouldBe(Viewed);
        Of(Bob with { Group = new("film") }, share).ShouldBe(Rights.None);
        Of(Bob with { Group = new("film") }, share with { Subject = "film" }).ShouldBe(Rights.None, "the engine is not of that group");
        Of(Bob, share with { Kind = SubjectKind.Person }).ShouldBe(Rights.None, "a person is not a group of the same name");
        Of(Bob with { Id = new("art") }, share with { Subject = "bob" }).ShouldBe(Rights.None);
    }

    [Fact]
    public void Those_without_a_group_are_no_group()
    {
        var standing = Bob with { Group = GroupId.None, Role = Role.GroupManager };
        AccessRule.RightsOf(standing, Alice, GroupId.None, [new(SubjectKind.Group, GroupId.None.Value, AccessLevel.View, null)], Now).ShouldBe(Rights.None);
        AccessRule.RightsOf(standing with { Group = default }, Alice, default, [], Now).ShouldBe(Rights.None);
    }

    [Fact]
    public void An_administrators_access_ends_to_the_millisecond_and_with_the_role()
    {
        var admin = Bob with { Role = Role.Admin };
        var access = Person("bob", AccessLevel.Use) with { Until = Now.AddMilliseconds(1) };
        Of(admin, access).ShouldBe(Managed | Viewed | Rights.Use);
        Of(admin, access with { Until = Now }).ShouldBe(Managed);
        Of(Bob with { Role = Role.GroupManager }, access).ShouldBe(Managed, "a manager has no such access");
        Of(Bob, access).ShouldBe(Rights.None);
        Of(admin with { Id = new("carol") }, access).ShouldBe(Managed, "it is one administrator's");
    }

    [Fact]
    public void What_is_not_known_is_refused()
    {
        Of(default).ShouldBe(Rights.None);
        AccessRule.RightsOf(new(new(""), Art, Role.Admin), new(""), Art, [], Now).ShouldBe(Rights.None, "nobody owns what nobody owns");
        Of(Bob, Person("bob", (AccessLevel)7), new((SubjectKind)7, "bob", AccessLevel.View, null)).ShouldBe(Rights.None);
    }

    [Fact]
    public void A_credential_without_the_admin_scope_is_no_administrators()
    {
        var signIn = new SignIn
        {
            Key = SignInKey.Of("token"),
            Kind = SignInKind.PersonalToken,
            User = Bob.Id,
            UserName = "bob",
            Name = "Bob",
            Group = Art,
            Role = Role.Admin,
            ExpiresAt = Now,
        };
        Of(signIn.Standing).ShouldBe(Managed);
        Of((signIn with { Scopes = Scopes.All & ~Scopes.Admin }).Standing).ShouldBe(Rights.None);
    }

    private static Rights Of(Standing who, params Grant[] grants) => AccessRule.RightsOf(who, Alice, Art, grants, Now);

    private static Grant Person(string id, AccessLevel level) => new(SubjectKind.Person, id, level, null);
}
