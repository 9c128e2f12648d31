namespace Aigc.KubeSim.Access;

/// <param name="Resource">With its subresource, such as <c>pods/log</c>.</param>
public sealed record SeenVerb(string User, string Verb, string ApiGroup, string Resource, string Namespace);
