using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

public abstract partial class Resource : IResource
{
    /// <exception cref="ArgumentException">The name is not 1 to 64 letters, digits and single hyphens, starting with a letter.</exception>
    protected Resource(string name)
    {
        if (!ValidName().IsMatch(name) || name.Contains("--", StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' cannot name a resource: use 1 to 64 letters, digits and single hyphens, starting with a letter.", nameof(name));
        Name = name;
    }

    public string Name { get; }

    public ResourceAnnotationCollection Annotations { get; } = [];

    [GeneratedRegex("^[A-Za-z]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$")]
    private static partial Regex ValidName();
}
