using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Metering;

namespace AccountGrid.Domain.Partitions;

/// <summary>All accounts and meters of one partition at one position of its log.</summary>
public sealed class PartitionState(int partition)
{
    public int Partition { get; } = partition;

    /// <summary>Position of the next record to fold: everything before it is in this state.</summary>
    public long Position { get; set; }

    public Dictionary<int, AccountState> Accounts { get; } = [];

    /// <summary>By number, the latest time the meter was in this partition.</summary>
    public Dictionary<int, MeterState> Meters { get; } = [];

    /// <summary>Accounts changed since the last state flush.</summary>
    public List<AccountState> DirtyAccounts { get; } = [];

    /// <summary>Meters on no account changed since the last state flush.</summary>
    public HashSet<MeterState> DirtyLooseMeters { get; } = [];

    /// <summary>Days closed since the last state flush; later than what the database holds.</summary>
    public Dictionary<DayKey, DayRow> ClosedDays { get; } = [];

    /// <summary>Days opened again since the last state flush: their rows are to go.</summary>
    public HashSet<DayKey> OpenedDays { get; } = [];

    /// <summary>Latest time written in the log, UTC ms: the fold's idea of now.</summary>
    public long NowMs { get; set; }

    public void Touch(AccountState account, long position)
    {
        account.Version = position;
        if (!account.Dirty)
        {
            account.Dirty = true;
            DirtyAccounts.Add(account);
        }
    }

    /// <summary>Puts a loaded account and its meters in place.</summary>
    public void Load(AccountState account)
    {
        Accounts.Add(account.Number, account);
        account.Meters.ForEach(Load);
    }

    /// <summary>Puts a loaded meter in place; the times of one meter may come in any order.</summary>
    public void Load(MeterState meter)
    {
        if (!Meters.TryGetValue(meter.Number, out var latest) || latest.Assignment < meter.Assignment)
        {
            meter.Former = latest;
            Meters[meter.Number] = meter;
            return;
        }

        while (latest.Former is { } former && former.Assignment > meter.Assignment)
        {
            latest = former;
        }

        meter.Former = latest.Former;
        latest.Former = meter;
    }

    /// <summary>First position that open days still need, for cutting the log behind; <see cref="Position"/> where none do.</summary>
    public long OldestNeeded()
    {
        var oldest = Position;
        foreach (var account in Accounts.Values)
        {
            foreach (var meter in account.Meters)
            {
                if (meter.FirstPosition != 0 && meter.FirstPosition < oldest)
                {
                    oldest = meter.FirstPosition;
                }
            }
        }

        return oldest;
    }
}
