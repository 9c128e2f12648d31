namespace Aspire.Hosting
{
    /// <summary>A project of the application, generated from the AppHost's project references.</summary>
    public interface IProjectMetadata : IResourceAnnotation
    {
        string ProjectPath { get; }
    }

    /// <summary>A project that was built together with the AppHost, so that a run starts it without asking MSBuild.</summary>
    public interface IBuiltProjectMetadata : IProjectMetadata
    {
        string TargetPath { get; }
    }
}

namespace Aspire.Hosting.Projects
{
    internal sealed record ProjectPathMetadata(string ProjectPath) : IProjectMetadata;
}
