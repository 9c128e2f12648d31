using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the application down for deployment instead of running it.</summary>
internal sealed class Publisher(IConfiguration configuration)
{
    /// <summary><c>--publisher {name}</c>, or <c>--operation publish</c>.</summary>
    public static bool IsAskedFor(IConfiguration configuration) =>
        configuration["publisher"] is { Length: > 0 } || string.Equals(configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="DistributedApplicationException">There is no publisher of that name.</exception>
    public Task PublishAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = configuration["publisher"] ?? configuration["step"] ?? "publish";
        throw new DistributedApplicationException($"Publishing as '{target}' is not available.");
    }
}
