namespace Aigc.Engines.People;

/// <summary>What the provider granted with a browser's sign-in, and where that was. Lasts as long as the sign-in.</summary>
public sealed record ProviderAccess
{
    public required SignInKey Key { get; init; }

    /// <summary>By which its person may speak of it; the key is the gateway's own.</summary>
    public required string Id { get; init; }
    public required UserId User { get; init; }
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>Where the browser was.</summary>
    public string? Address { get; init; }

    /// <summary>What the browser called itself.</summary>
    public string? Browser { get; init; }

    /// <summary>SHA-256 of the provider's <c>sid</c>.</summary>
    public string? ProviderSession { get; init; }

    /// <summary>Encrypted.</summary>
    public string? IdToken { get; init; }

    /// <summary>Encrypted.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>When the next tokens are due; null: never.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    /// <summary>Counts the tokens: of two who bring new ones for the same old ones, the first is heard.</summary>
    public long Version { get; init; }

    /// <summary>Attempts in a row that failed.</summary>
    public int Failures { get; init; }

    /// <summary>The provider may have replaced the refresh token, and the answer is lost: that it refuses this one says nothing about the person.</summary>
    public bool InDoubt { get; init; }
}
