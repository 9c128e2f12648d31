using Microsoft.Extensions.Options;

namespace Aigc.DevIdentity.Users;

public sealed record User(string Name, IReadOnlyList<string> Groups, IReadOnlyList<string> Roles)
{
    public string Email => $"{Name}@example.test";
}

internal sealed class UserDirectory(IOptions<DevIdentityOptions> options)
{
    public IReadOnlyList<User> All { get; } =
    [
        new("alice", ["art"], []),
        new("bob", ["art"], []),
        new("carol", ["film"], []),
        new("admin", ["it"], ["admin"]),
        .. options.Value.Users.Select(u => new User(u.Name, [.. u.Groups], [.. u.Roles])),
    ];

    public User? Find(string? name) => All.FirstOrDefault(u => u.Name == name);
}

internal static class UserDirectoryExtensions
{
    public static void AddUsers(this WebApplicationBuilder builder) => builder.Services.AddSingleton<UserDirectory>();
}
