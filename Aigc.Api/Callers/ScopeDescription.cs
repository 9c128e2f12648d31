using Aigc.Engines.People;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Aigc.Api.Callers;

/// <summary>Says in the API's description which scope a token needs.</summary>
public static class ScopeDescription
{
    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RequiredScope>().LastOrDefault() is { } required)
            operation.Description = required.Scopes == Scopes.None ? "Any token will do." : $"A token needs the scope {string.Join(' ', required.Scopes.Names())}.";
        return Task.CompletedTask;
    }
}
