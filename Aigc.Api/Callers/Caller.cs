using System.Reflection;
using Aigc.Api.SigningIn;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Api.Callers;

/// <summary>Who is asking. An endpoint that takes one as a parameter is only reached signed in.</summary>
/// <param name="Address">Where from.</param>
public sealed record Caller(SignIn SignIn, string? Address)
{
    public UserId UserId => SignIn.User;

    public string UserName => SignIn.UserName;

    public string Name => SignIn.Name;

    public GroupId Group => SignIn.Group;

    /// <summary>As far as the credential carries it.</summary>
    public Role Role => SignIn.Standing.Role;

    public SignInKey SignInKey => SignIn.Key;

    public SignInKind Kind => SignIn.Kind;

    /// <summary>As the history and the audit log name them.</summary>
    public Actor Actor => new(UserId, UserName, Address);

    public Standing Standing => SignIn.Standing;

    /// <summary>Whether the credential may have to do with this engine; what the person may do is another question.</summary>
    public bool Covers(EngineId engine) => SignIn.Covers(engine);

    public static Caller Of(SignIn signIn, HttpContext context) => new(signIn, context.ClientAddress());

    /// <summary>The caller, or null when nobody is signed in.</summary>
    public static Caller? From(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Lets endpoints take the caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(From(context));
}
