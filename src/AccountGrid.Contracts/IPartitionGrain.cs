using Orleans.Concurrency;

namespace AccountGrid.Contracts;

/// <summary>
/// One partition of the grid: it folds its log alone and in order. Its key is the partition's number. Programs outside the grid talk to
/// accounts and meters; this is for those grains and for operators.
/// </summary>
[Alias("AccountGrid.IPartitionGrain")]
public interface IPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Waits until the records at these positions are folded and says what came of each. Null for a record that is no command.</summary>
    [AlwaysInterleave]
    [Alias("OutcomesOf")]
    Task<OutcomeView?[]> OutcomesOf(long[] positions);

    /// <summary>The account now, and from now on every change to its grain. Null if it does not exist. Ask again within <see cref="Leases.Watch"/>.</summary>
    [AlwaysInterleave]
    [Alias("Watch")]
    Task<AccountView?> Watch(int account, string accountId);

    /// <summary>Balances of many accounts at one position, without waking their grains. Accounts that are not here are left out.</summary>
    [AlwaysInterleave]
    [Alias("Balances")]
    Task<IReadOnlyList<BalanceView>> Balances(int[] accounts);

    /// <summary>
    /// Meters on an account whose last reading lies in a span of time, by the place of the account and, on one account, by number; at most so many. The state
    /// stays as it is, and no account's grain is woken.
    /// </summary>
    /// <param name="fromPlace">Where to begin, from 0; of that account only meters behind <paramref name="afterMeter"/>.</param>
    /// <param name="fromMs">Begin of the span, UTC ms.</param>
    /// <param name="beforeMs">End of the span, which is not in it.</param>
    [AlwaysInterleave]
    [Alias("SilentMeters")]
    Task<IReadOnlyList<SilentMeterView>> SilentMeters(int fromPlace, int afterMeter, long fromMs, long beforeMs, int max);

    /// <summary>A meter as it stands here, latest assignment; null if it was never here.</summary>
    [AlwaysInterleave]
    [Alias("Meter")]
    Task<MeterView?> Meter(int meter);

    /// <summary>
    /// The meter as it stands here and, while it is here, from now on every change to its grain. Ask again within <see cref="Leases.Watch"/>.
    /// </summary>
    [AlwaysInterleave]
    [Alias("WatchMeter")]
    Task<MeterView?> WatchMeter(int meter, string meterId);

    /// <summary>Days of a meter that the database does not hold yet, of every time that it was on an account of this partition.</summary>
    [AlwaysInterleave]
    [Alias("RecentDays")]
    Task<RecentDays> RecentDays(int meter, int fromDay, int toDay);

    /// <summary>
    /// An account with everything folded that is in the log now, and the days of all meters it ever had that the database does not hold yet. Null if it does
    /// not exist.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Explain")]
    Task<AccountDays?> Explain(int account);

    /// <summary>The account's workflows and the interlock's word on it now; null where it is under no policy pack.</summary>
    [AlwaysInterleave]
    [Alias("Workflow")]
    Task<WorkflowView?> Workflow(int account);

    /// <summary>
    /// What decisions about readings of an account would lead to, one after the other, on a copy: nothing is changed. Null if the account does not exist.
    /// </summary>
    [AlwaysInterleave]
    [Alias("PreviewDecisions")]
    Task<IReadOnlyList<DecisionView>?> PreviewDecisions(int account, byte[][] commands);

    /// <summary>
    /// What past days of accounts are rated by, with everything folded that is in the log now, and whether a version changes their price. No account's grain
    /// is woken; accounts that are not here are left out.
    /// </summary>
    /// <param name="version">Number of a tariff version; 0 asks about none.</param>
    [AlwaysInterleave]
    [Alias("Ratings")]
    Task<IReadOnlyList<RatingView>> Ratings(int[] accounts, int version);

    /// <summary>
    /// What the correction of an account's tariff would come to, as if two people had agreed; nothing is changed. Null if the account does not exist.
    /// </summary>
    /// <param name="command">A stored command, <c>correct-tariff</c>.</param>
    [AlwaysInterleave]
    [Alias("TryCorrection")]
    Task<OutcomeView?> TryCorrection(byte[] command);

    /// <summary>Folds to the end of the log, then writes effects and states. Returns the position that they stand at.</summary>
    [AlwaysInterleave]
    [Alias("Checkpoint")]
    Task<long> Checkpoint();

    /// <summary>Appends checks for what is due; a lost or doubled call does no harm.</summary>
    [AlwaysInterleave]
    [Alias("Sweep")]
    Task Sweep();
}
