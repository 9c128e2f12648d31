namespace Aigc.KubeSim.Access;

/// <summary>Who asks.</summary>
/// <param name="Rules">What the test allows, besides the cluster's own Roles.</param>
internal sealed record User(string Name, IReadOnlyList<string> Groups, IReadOnlyList<Rule> Rules);
