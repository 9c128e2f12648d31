namespace Aigc.KubeSim.Writing;

/// <param name="Manager">Under whose name the changed fields are kept.</param>
internal sealed record WriteOptions(string Manager, bool IsDryRun = false);
