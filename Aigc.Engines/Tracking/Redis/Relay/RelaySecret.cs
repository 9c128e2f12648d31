#if !FULL_FEED
using System.Security.Cryptography;
using System.Text;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>Any program of this machine can connect to a loopback port; only this process's own client knows the word.</summary>
internal sealed class RelaySecret(string word)
{
    private readonly byte[] _greeting = Encoding.ASCII.GetBytes($"*2\r\n$4\r\nAUTH\r\n${word.Length}\r\n");
    private readonly byte[] _word = Encoding.ASCII.GetBytes(word + "\r\n");

    public string Word => word;

    /// <returns>What came behind the right word; null if the first command was anything else.</returns>
    public async Task<byte[]?> AskAsync(Stream client, CancellationToken cancellationToken)
    {
        var (said, length) = (new byte[4096], 0);
        while (length < _greeting.Length + _word.Length)
        {
            var read = await client.ReadAsync(said.AsMemory(length), cancellationToken);
            length += read;
            // The greeting is no secret: who begins otherwise need not be waited for.
            var begun = Math.Min(length, _greeting.Length);
            if (read == 0 || !said.AsSpan(0, begun).SequenceEqual(_greeting.AsSpan(0, begun)))
                return null;
        }

        return CryptographicOperations.FixedTimeEquals(said.AsSpan(_greeting.Length, _word.Length), _word)
            ? said[(_greeting.Length + _word.Length)..length]
            : null;
    }
}
#endif
