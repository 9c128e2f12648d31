using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Pools;

public static class PoolEndpoints
{
    public static void MapPools(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/pools").WithTags("Pools").RequireAuthorization(Policies.Admin).RequireScope(Scopes.Admin);
        group.MapGet("", ListAsync).WithSummary("Administrators: the pools in the order of preference, with their use and prices.");
        group.MapPut("", ReorderAsync).WithSummary("Administrators: puts the pools in this order.");
        group.MapPut("/{name}", SaveAsync).WithSummary("Administrators: enters a pool, the last of all, or changes it in its place.");
        group.MapDelete("/{name}", RemoveAsync).WithSummary("Administrators: removes a pool. What runs in it goes on; nothing new starts.");
        group.MapPost("/{name}/prices", AddPriceAsync).WithSummary("Administrators: adds what a GPU-hour costs from then on. Prices are never changed.");
    }

    private static async Task<Ok<IReadOnlyList<PoolJson>>> ListAsync(PoolActions pools, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<PoolJson>>([.. (await pools.ListAsync(cancellationToken)).Select(PoolJson.Of)]);

    private static async Task<Ok<IReadOnlyList<PoolJson>>> ReorderAsync(
        IReadOnlyList<string> names, Caller caller, PoolStore store, PoolActions pools, CancellationToken cancellationToken)
    {
        await store.ReorderAsync(names, caller.Actor, cancellationToken);
        return await ListAsync(pools, cancellationToken);
    }

    private static async Task<Results<Ok<PoolJson>, ProblemHttpResult>> SaveAsync(
        string name, PoolRequestJson request, Caller caller, PoolActions pools, CancellationToken cancellationToken)
    {
        var errors = await pools.SaveAsync(caller, request.ToPool(name), cancellationToken);
        if (errors is null)
            return Problem.Conflict("Engines are in this pool, counted by its 'resource' and 'unitsPerGpu'. Enter another pool with the new ones, and remove this one.");
        if (errors.Count > 0)
        {
            return Problem.Of(
                StatusCodes.Status422UnprocessableEntity, "pool-invalid", "The pool has errors",
                $"Nothing was changed. {string.Join(' ', errors)}", new Dictionary<string, object?> { ["errors"] = errors });
        }

        return TypedResults.Ok(PoolJson.Of((await pools.ListAsync(cancellationToken)).Single(view => view.Pool.Name == name)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, Caller caller, PoolStore pools, CancellationToken cancellationToken) =>
        await pools.RemoveAsync(name, caller.Actor, cancellationToken) ? TypedResults.NoContent() : NoSuchPool();

    private static async Task<Results<Ok<IReadOnlyList<PriceJson>>, ProblemHttpResult>> AddPriceAsync(
        string name, PriceRequest request, Caller caller, PoolActions pools, PoolStore store, CancellationToken cancellationToken)
    {
        if ((await store.ListAsync(cancellationToken)).All(pool => pool.Name != name))
            return NoSuchPool();
        return await pools.AddPriceAsync(caller, name, request.PerGpuHour, request.From, cancellationToken) is { } wrong
            ? Problem.Conflict(wrong)
            : TypedResults.Ok<IReadOnlyList<PriceJson>>([.. (await store.PricesOfAsync(name, cancellationToken)).Select(PriceJson.Of)]);
    }

    private static ProblemHttpResult NoSuchPool() => Problem.NotFound("There is no such pool. GET /api/v1/pools lists them.");
}
