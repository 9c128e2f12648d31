using Aigc.DevIdentity.Users;

namespace Aigc.DevIdentity.SigningIn;

/// <summary>The sign-in page in English and Simplified Chinese.</summary>
internal sealed record SignInWords(string Language, string Title, string Explanation, string Group, string Role, string UnknownUser, string Colon, string Separator)
{
    private static readonly SignInWords English = new(
        "en", "Sign in", "For development: choose who you are. There are no passwords.", "group", "role", "Nobody here is called {0}.", " ", ", ");

    private static readonly SignInWords Chinese = new(
        "zh-Hans", "登录", "仅供开发使用：选择一个身份，无需密码。", "组", "角色", "没有名为 {0} 的用户。", "：", "，");

    /// <summary>The first of the browser's languages that we speak.</summary>
    public static SignInWords For(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value ?? "")
            .Select(l => l.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : l.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? English : null)
            .FirstOrDefault(w => w is not null) ?? English;

    public string Describe(User user) => string.Join(Separator,
        [.. user.Groups.Select(g => Group + Colon + g), .. user.Roles.Select(r => Role + Colon + r)]);

    public string Unknown(string name) => string.Format(null, UnknownUser, name);
}
