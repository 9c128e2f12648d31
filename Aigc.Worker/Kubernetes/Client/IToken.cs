namespace Aigc.Worker.Kubernetes.Client;

/// <summary>The bearer token of the moment.</summary>
internal interface IToken
{
    ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>The server refused the token: the next one is fetched anew.</summary>
    void Refused();
}

internal sealed class FixedToken(string token) : IToken
{
    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => new(token);

    public void Refused()
    {
    }
}
