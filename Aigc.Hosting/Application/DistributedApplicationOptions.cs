namespace Aspire.Hosting;

public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; the entry assembly unless given.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>No resource page.</summary>
    public bool DisableDashboard { get; set; }
}
