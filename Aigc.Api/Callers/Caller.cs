using System.Reflection;
using Aigc.Api.SigningIn;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;

namespace Aigc.Api.Callers;

/// <summary>Who is asking. An endpoint that takes one as a parameter is only reached signed in.</summary>
public sealed record Caller(UserId UserId, string UserName, string Name, GroupId Group, Role Role, SignInKey SignInKey, SignInKind Kind, string? Address)
{
    /// <summary>As the history and the audit log name them.</summary>
    public Actor Actor => new(UserId, UserName, Address);

    public Standing Standing => new(UserId, Group, Role);

    public static Caller Of(SignIn signIn, HttpContext context) =>
        new(signIn.User, signIn.UserName, signIn.Name, signIn.Group, signIn.Standing.Role, signIn.Key, signIn.Kind, context.ClientAddress());

    /// <summary>The caller, or null when nobody is signed in.</summary>
    public static Caller? From(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Lets endpoints take the caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(From(context));
}
