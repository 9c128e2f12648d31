using System.Text.Json;

namespace Aigc.Engines.Policies;

/// <summary>What the rules of one kind look like.</summary>
/// <param name="Scopes">For whom there may be one.</param>
/// <param name="Check">What is wrong with a body, each a sentence that names the field; empty when nothing is.</param>
public sealed record RuleForm(RuleKind Kind, IReadOnlyList<RuleScope> Scopes, Func<JsonElement, IReadOnlyList<string>> Check);
