namespace Aigc.Engines.Quotas;

/// <summary>A wake or a start was refused before it changed anything: it would go beyond a quota.</summary>
/// <param name="renews">When what was used counts no more, where that is a matter of time.</param>
public sealed class QuotaUsedException(QuotaUsed used, DateOnly? renews) : Exception($"A quota is used: {used.ToDetail()}.")
{
    public QuotaUsed Used => used;

    public DateOnly? Renews => renews;
}
