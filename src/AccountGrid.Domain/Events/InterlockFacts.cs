using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>All that a decision to cut rests on, at one version of the account. Times are UTC ms, days local day numbers; 0 is never.</summary>
public sealed record InterlockFacts
{
    public required CutCause Cause { get; init; }

    public required long AtMs { get; init; }

    public required Money Balance { get; init; }

    public required CustomerClass Class { get; init; }

    public required CustomerTraits Traits { get; init; }

    public bool IsPrepaid { get; init; }

    /// <summary>Overdue days of the oldest unpaid bill; negative is none.</summary>
    public int OverdueDays { get; init; } = -1;

    public int DemandDay { get; init; }

    public long StopNoticeDeliveredMs { get; init; }

    public long LastNoticeDeliveredMs { get; init; }

    public bool AuthorityInformed { get; init; }

    public int ContactAttempts { get; init; }

    public bool WelfareVisited { get; init; }

    public IReadOnlyList<string> Holds { get; init; } = [];

    public bool HasPendingPayment { get; init; }

    public bool KeepsPlan { get; init; }

    public bool HasPromise { get; init; }

    /// <summary>Since when the balance is below zero.</summary>
    public long NegativeSinceMs { get; init; }

    /// <summary>When emergency credit's amount was used up; 0 is not.</summary>
    public long CreditUsedMs { get; init; }

    /// <summary>From when the wait counts anew, because something had stopped a cut; 0 is nothing.</summary>
    public long WaitFromMs { get; init; }

    /// <summary>Latest reading of the meter that was silent longest; 0 is none.</summary>
    public long LastReadingMs { get; init; }

    /// <summary>Days back from now in which a value was estimated, or energy is held, or a register is frozen.</summary>
    public bool HasDoubtfulReadings { get; init; }

    public long BalanceShownMs { get; init; }
}
