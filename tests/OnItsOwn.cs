namespace Aigc.Tests;

/// <summary>Tests that measure seconds: not beside others of their project, which would be measured too.</summary>
[CollectionDefinition(nameof(OnItsOwn), DisableParallelization = true)]
public sealed class OnItsOwn;
