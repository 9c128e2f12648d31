using System.Text.Json.Nodes;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Api;

/// <param name="MayCreate">Throws when the user may not create: an apply or PUT that turns out to make something new needs that too.</param>
internal sealed record WriteRequest(ApiPath Path, QueryOptions Query, string MediaType, WriteOptions Options, JsonObject Body, Action MayCreate);
