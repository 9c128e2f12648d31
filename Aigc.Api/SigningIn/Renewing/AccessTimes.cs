using Aigc.Engines.People;

namespace Aigc.Api.SigningIn.Renewing;

/// <summary>Until when a sign-in is good, and when its tokens are due.</summary>
/// <param name="RenewAt">Null without a refresh token: then nothing is renewed, and the sign-in has its whole lifetime.</param>
public sealed record AccessTimes(DateTimeOffset ExpiresAt, DateTimeOffset? RenewAt)
{
    /// <summary>For a provider that does not say how long its access lasts.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    /// <summary>Proxies hear of the new end within half of this.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public static AccessTimes Of(bool renewable, TimeSpan? access, DateTimeOffset now, DateTimeOffset ends, TimeSpan grace)
    {
        if (!renewable)
            return new(ends, null);
        var lasts = access ?? Usual;
        var expires = now + lasts + grace;
        return new(expires < ends ? expires : ends, now + (lasts / 2 > Margin ? lasts - Margin : lasts / 2));
    }
}
