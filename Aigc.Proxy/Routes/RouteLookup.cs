using System.Collections.Concurrent;

namespace Aigc.Proxy.Routes;

/// <summary>Asks the API for an engine that the table does not know, such as one created a moment ago.</summary>
public sealed class RouteLookup(GatewayApi api, RouteTable routes, TimeProvider time)
{
    /// <summary>Guessing host names costs the API at most this many questions per <see cref="Lifetime"/>.</summary>
    private const int MaxQuestions = 1_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Question> _questions = new(StringComparer.OrdinalIgnoreCase);

    public async Task<LiveEngine?> FindAsync(string label, CancellationToken cancellationToken)
    {
        if (_questions.TryGetValue(label, out var asked) && !Expired(asked))
        {
            await asked.Answer.Value.WaitAsync(cancellationToken);
            return routes.Find(label);
        }
        if (asked is not null)
            _questions.TryRemove(new(label, asked));
        if (_questions.Count >= MaxQuestions)
            foreach (var old in _questions.Where(entry => Expired(entry.Value)))
                _questions.TryRemove(old);
        if (_questions.Count >= MaxQuestions)
            return null;
        var question = _questions.GetOrAdd(label, _ => new(time.GetTimestamp(), new(() => AskAsync(label))));
        await question.Answer.Value.WaitAsync(cancellationToken);
        return routes.Find(label);
    }

    private bool Expired(Question question) => time.GetElapsedTime(question.AskedAt) > Lifetime;

    // The answer serves all who ask, so nobody's abort cancels it; the client's timeout bounds it.
    private async Task AskAsync(string label)
    {
        if (await api.FindRouteAsync(label, CancellationToken.None) is { } route)
            routes.PutIfUnknown(route);
    }

    private sealed record Question(long AskedAt, Lazy<Task> Answer);
}
