using Aspire.Hosting.Publishing.Charts;
using Aspire.Hosting.Publishing.Manifest;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the application down for deployment instead of running it.</summary>
internal sealed class Publisher(
    IConfiguration configuration,
    DistributedApplicationModel model,
    PublishedResources resources)
{
    /// <summary><c>--publisher {name}</c>, or <c>--operation publish</c>.</summary>
    public static bool IsAskedFor(IConfiguration configuration) =>
        configuration["publisher"] is { Length: > 0 } || string.Equals(configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="DistributedApplicationException">There is no publisher of that name, or something that it needs is missing.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var target = configuration["publisher"] ?? configuration["step"] ?? "publish";
        switch (target)
        {
            case "manifest" or "publish-manifest":
                await new ManifestWriter(model, resources).WriteAsync(OutputPath(), cancellationToken);
                break;
            case "publish":
                await new ChartWriter(await ChartAsync(cancellationToken)).WriteAsync(OutputPath(), cancellationToken);
                break;
            case "publish-plain":
                await new PlainWriter(await ChartAsync(cancellationToken), configuration).WriteAsync(OutputPath(), cancellationToken);
                break;
            default:
                throw new DistributedApplicationException(
                    $"Publishing as '{target}' is not available. There are publish-manifest, publish (a Helm chart) and publish-plain (YAML for kubectl).");
        }
    }

    private Task<Chart> ChartAsync(CancellationToken cancellationToken) =>
        new ChartMaker(model, resources).MakeAsync(cancellationToken);

    private string OutputPath() => configuration["output-path"] is { Length: > 0 } path
        ? Path.GetFullPath(path)
        : throw new DistributedApplicationException("Where to? Give --output-path.");
}
