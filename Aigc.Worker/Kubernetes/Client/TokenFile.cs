namespace Aigc.Worker.Kubernetes.Client;

/// <summary>A token that somebody keeps fresh in a file, as the kubelet does in each pod.</summary>
internal sealed class TokenFile(string path, TimeProvider time) : IToken
{
    /// <summary>The kubelet replaces a token when a fifth of its life is left: minutes at the least.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private volatile Read? _last;

    private sealed record Read(string Token, long At);

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < Freshness)
            return last.Token;
        var token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        if (token.Length == 0)
            throw new InvalidDataException($"The token file {path} is empty.");
        _last = new(token, time.GetTimestamp());
        return token;
    }

    public void Refused() => _last = null;
}
