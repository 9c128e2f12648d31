using System.Collections.Concurrent;
using Aigc.Engines.People;

namespace Aigc.Api.SigningIn;

/// <summary>Answers that go on for long end with the sign-in or token that asked for them.</summary>
public sealed class Endings
{
    private readonly ConcurrentDictionary<Registration, SignInKey> _waiting = new();

    /// <summary>Cancels when that sign-in ends, until disposed.</summary>
    public IDisposable On(SignInKey key, CancellationTokenSource end)
    {
        var registration = new Registration(this, end);
        _waiting[registration] = key;
        return registration;
    }

    public void Tell(SignInKey ended)
    {
        foreach (var (registration, key) in _waiting)
            if (key == ended)
                registration.End();
    }

    private sealed class Registration(Endings endings, CancellationTokenSource end) : IDisposable
    {
        private readonly Lock _ending = new();
        private bool _over;

        public void End()
        {
            lock (_ending)
                if (!_over)
                    end.Cancel();
        }

        public void Dispose()
        {
            endings._waiting.TryRemove(this, out _);
            lock (_ending)
                _over = true;
        }
    }
}
