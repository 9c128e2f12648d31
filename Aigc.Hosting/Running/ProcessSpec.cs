namespace Aspire.Hosting.Running;

/// <summary>A process as it is about to be started; the environment is complete, nothing is inherited beside it.</summary>
internal sealed record ProcessSpec(
    string FileName,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment);
