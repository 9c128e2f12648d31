namespace Aspire.Hosting.Publishing;

/// <summary>What resources were told by <c>WithEnvironment</c> and <c>WithArgs</c>: strings, and values that are known once deployed.</summary>
internal sealed class PublishedResources(DistributedApplicationExecutionContext execution)
{
    public async Task<IReadOnlyDictionary<string, object>> EnvironmentAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, [], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    public static async Task<IReadOnlyList<object>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await annotation.Callback(context);
        return [.. context.Args];
    }
}
