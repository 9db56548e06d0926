using System.Threading.RateLimiting;

namespace AccountGrid.Host.CustomerPages;

/// <summary>
/// How often this process shows the page of one account, by the links of one generation: what a person needs, and little of what a program could ask for.
/// </summary>
internal sealed class CustomerPageLimits : IDisposable
{
    /// <summary>Pages of an account that may come at once.</summary>
    public const int AtOnce = 30;

    private readonly PartitionedRateLimiter<(int, int)> _links = PartitionedRateLimiter.Create<(int, int), (int, int)>(links =>
        RateLimitPartition.GetTokenBucketLimiter(links, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = AtOnce,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    public bool MayShow(int account, int generation)
    {
        using var lease = _links.AttemptAcquire((account, generation));
        return lease.IsAcquired;
    }

    public void Dispose() => _links.Dispose();
}
