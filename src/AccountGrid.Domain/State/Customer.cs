namespace AccountGrid.Domain.State;

/// <summary>What the workflows know of an account beyond its meters and money. An account without one has no workflow: only its own levels by amount.</summary>
public sealed class Customer
{
    /// <summary>Number of the policy pack's family; which version holds is decided by the day.</summary>
    public required int PolicyFamily { get; set; }

    public CustomerClass Class { get; set; }

    public CustomerTraits Traits { get; set; }

    /// <summary>What the forecast of days left remembers of closed days.</summary>
    public UseHistory Use { get; init; } = new();

    /// <summary>When the customer was last shown the balance: a message that was delivered, UTC ms; 0 is never.</summary>
    public long BalanceShownMs { get; set; }

    /// <summary>When the customer was last told of a balance below zero again, UTC ms.</summary>
    public long RemindedMs { get; set; }

    /// <summary>Since when a prepaid balance is below zero, UTC ms; 0 is not.</summary>
    public long NegativeSinceMs { get; set; }

    /// <summary>When emergency credit's amount was used up, UTC ms; 0 is not.</summary>
    public long CreditUsedMs { get; set; }

    /// <summary>From when the wait for a cut for want of balance counts anew, UTC ms: something had stopped a cut; 0 is nothing.</summary>
    public long WaitFromMs { get; set; }

    /// <summary>The account came with levels by amount of its own; the pack's are then not for it.</summary>
    public bool HasOwnLevels { get; set; }

    /// <summary>What stands in the due table for it, UTC ms; 0 is no row.</summary>
    public long DueMs { get; set; }

    public List<Hold> Holds { get; } = [];

    /// <summary>Payments announced by a channel and not yet there.</summary>
    public List<PendingPayment> PendingPayments { get; } = [];

    /// <summary>Collections that were announced and whose day is not over.</summary>
    public List<AnnouncedDebit> AnnouncedDebits { get; } = [];

    /// <summary>Cases that are open, oldest first: what a contact may name.</summary>
    public List<WorkCase> Cases { get; } = [];

    public OverdueState Overdue { get; } = new();

    public SupplyState Supply { get; } = new();

    public Debt Debt { get; set; }

    /// <summary>An open case of the account by its name; null is none.</summary>
    public WorkCase? FindCase(int account, string? caseId)
    {
        var index = Cases.FindIndex(c => c.IdOf(account) == caseId);
        return index < 0 ? null : Cases[index];
    }

    /// <summary>The name that the next message of a kind will have: account, kind and number.</summary>
    public string NextNoticeId(int account, NoticeKind kind) => $"{account}:{kind.Code()}:{Overdue.Episode + 1}";

    public bool Has(CustomerTraits trait) => (Traits & trait) != 0;
}
