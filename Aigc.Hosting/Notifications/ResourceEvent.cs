namespace Aspire.Hosting.ApplicationModel;

/// <param name="resourceId">The resource's name; with replicas, name and number.</param>
public sealed class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource => resource;

    public string ResourceId => resourceId;

    public CustomResourceSnapshot Snapshot => snapshot;
}
