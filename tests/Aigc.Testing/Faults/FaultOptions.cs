namespace Aigc.Testing.Faults;

/// <summary>One run of the fault script. The same seed makes the same people do the same things and kills the same victims in the same order.</summary>
/// <param name="Length">How long people visit while things die.</param>
public sealed record FaultOptions(int Seed, TimeSpan Length, int Users = 50, int Replicas = 2, string Stores = "servers");
