using Orleans;
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

    /// <summary>A meter as it stands here, latest assignment; null if it was never here.</summary>
    [AlwaysInterleave]
    [Alias("Meter")]
    Task<MeterView?> Meter(int meter);

    /// <summary>The meter as it stands here and, while it is here, from now on every change to its grain. Ask again within <see cref="Leases.Watch"/>.</summary>
    [AlwaysInterleave]
    [Alias("WatchMeter")]
    Task<MeterView?> WatchMeter(int meter, string meterId);

    /// <summary>Days of a meter that the database does not hold yet, of every time that it was on an account of this partition.</summary>
    [AlwaysInterleave]
    [Alias("RecentDays")]
    Task<RecentDays> RecentDays(int meter, int fromDay, int toDay);

    /// <summary>An account with everything folded that is in the log now, and the days of all meters it ever had that the database does not hold yet. Null if it does not exist.</summary>
    [AlwaysInterleave]
    [Alias("Explain")]
    Task<AccountDays?> Explain(int account);

    /// <summary>The account's workflows and the interlock's word on it now; null where it is under no policy pack.</summary>
    [AlwaysInterleave]
    [Alias("Workflow")]
    Task<WorkflowView?> Workflow(int account);

    /// <summary>Folds to the end of the log, then writes effects and states. Returns the position that they stand at.</summary>
    [AlwaysInterleave]
    [Alias("Checkpoint")]
    Task<long> Checkpoint();

    /// <summary>Appends checks for what is due; a lost or doubled call does no harm.</summary>
    [AlwaysInterleave]
    [Alias("Sweep")]
    Task Sweep();
}

/// <summary>A customer account, awake while somebody looks at it. Its key is the account's id.</summary>
[Alias("AccountGrid.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>The account with its live balance; null if it does not exist. Answers of one activation never go back.</summary>
    [Alias("Get")]
    Task<AccountView?> Get();

    /// <summary>
    /// The account with everything up to and including a position folded: what an answer to a payment named. While the cluster is split, another activation may
    /// not have it yet; it then asks its partition, and throws if that has not either.
    /// </summary>
    [Alias("GetAfter")]
    Task<AccountView?> GetAfter(long position);

    /// <summary>
    /// Carries out a command on the account, once per key: appended to its log with the key, then decided by the fold. The same key and body is
    /// answered the same; <c>idempotency.key_reused</c> is the refusal for another body, <c>command.not_of_account</c> for a command that names another
    /// account.
    /// </summary>
    /// <param name="command">The command as stored JSON (a domain GridCommand).</param>
    /// <param name="bodyHash">SHA-256 of what the caller sent.</param>
    [Alias("Execute")]
    Task<OutcomeView> Execute(byte[] command, string key, byte[] bodyHash);

    /// <summary>The account now and at every change, until the caller stops.</summary>
    [AlwaysInterleave]
    [Alias("Changes")]
    IAsyncEnumerable<AccountView> Changes(CancellationToken cancel = default);

    /// <summary>The partition's word on a change.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("Changed")]
    Task Changed(AccountView view);
}

/// <summary>A meter, in whichever partition it is. Its key is the meter's id.</summary>
[Alias("AccountGrid.IMeterGrain")]
public interface IMeterGrain : IGrainWithStringKey
{
    /// <summary>The meter as it stands now; null if it does not exist. Answers of one activation never go back.</summary>
    [Alias("Get")]
    Task<MeterView?> Get();

    /// <summary>
    /// A move or an exchange in the meter's partition, once per key. The answer comes when a move has arrived. <c>command.not_of_meter</c> is the refusal for
    /// any other command, and for one that names another meter.
    /// </summary>
    [Alias("Execute")]
    Task<OutcomeView> Execute(byte[] command, string key, byte[] bodyHash);

    /// <summary>The partition's word on a change.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("Changed")]
    Task Changed(MeterView view);

    /// <summary>Days from one to another, both included, closed and open, rising.</summary>
    [Alias("Days")]
    Task<IReadOnlyList<DayView>> Days(int fromDay, int toDay);
}

/// <summary>Times that grains and their partition rely on.</summary>
public static class Leases
{
    /// <summary>
    /// A watch ends unless it is renewed within this time: who does not look is told nothing. Longer than <see cref="Renew"/> by what a renewal may be late;
    /// a grain that is asked after that asks its partition in any case.
    /// </summary>
    public static readonly TimeSpan Watch = TimeSpan.FromSeconds(10);

    /// <summary>How old an awake grain's watch may be when it is asked: what a lost message, or a partition that died, can hide for at most.</summary>
    public static readonly TimeSpan Renew = TimeSpan.FromSeconds(5);
}
