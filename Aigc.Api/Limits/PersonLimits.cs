using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Engines.People;
using Aigc.ServiceDefaults.Limits;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Limits;

/// <summary>What one person may ask of this replica in a minute. Addresses are the proxy's business.</summary>
public sealed class PersonLimits(IOptions<LimitsOptions> options) : IDisposable
{
    private readonly RateLimit _calls = new(options.Value.CallsPerPerson);
    private readonly RateLimit _wakes = new(options.Value.WakesPerPerson);

    public TimeSpan? Call(UserId person) => _calls.Take(person.Value);

    public TimeSpan? Wake(UserId person) => _wakes.Take(person.Value);

    public void Dispose()
    {
        _calls.Dispose();
        _wakes.Dispose();
    }
}

public sealed class CallLimit(PersonLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Caller.From(context.HttpContext) is { } caller && limits.Call(caller.UserId) is { } pause
            ? Problem.TooManyRequests(context.HttpContext, pause)
            : await next(context);
}

public sealed class WakeLimit(PersonLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Caller.From(context.HttpContext) is { } caller && limits.Wake(caller.UserId) is { } pause
            ? Problem.TooManyRequests(context.HttpContext, pause)
            : await next(context);
}
