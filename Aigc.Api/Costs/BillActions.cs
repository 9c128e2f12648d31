using Aigc.Api.Callers;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;

namespace Aigc.Api.Costs;

/// <summary>What administrators do with bills, for REST and dashboard alike.</summary>
public sealed class BillActions(BillStore bills, CostStore costs, TimeProvider time)
{
    /// <returns>What was entered, or a sentence on what is wrong.</returns>
    public async Task<(IReadOnlyList<Bill> Bills, string? Mistake)> EnterAsync(Caller caller, BillForm form, CancellationToken cancellationToken)
    {
        var (bill, field, mistake) = form.Read(await costs.PoolsAsync(cancellationToken), time.GetUtcNow(), caller.UserName);
        return bill is null ? ([], $"{field}: {mistake}") : await AddAsync(caller, [bill], cancellationToken);
    }

    /// <summary>All bills of a CSV file or none.</summary>
    public async Task<(IReadOnlyList<Bill> Bills, string? Mistake)> EnterFileAsync(Caller caller, string text, CancellationToken cancellationToken)
    {
        var (read, mistake) = BillFile.Read(text, await costs.PoolsAsync(cancellationToken), time.GetUtcNow(), caller.UserName);
        return mistake is null ? await AddAsync(caller, read, cancellationToken) : ([], mistake);
    }

    private async Task<(IReadOnlyList<Bill> Bills, string? Mistake)> AddAsync(Caller caller, IReadOnlyList<Bill> read, CancellationToken cancellationToken)
    {
        await bills.AddAsync(read, caller.Actor, cancellationToken);
        return (read, null);
    }
}
