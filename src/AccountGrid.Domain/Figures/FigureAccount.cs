using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Figures;

/// <summary>What the figures have to remember of an account between two rows of its ledger.</summary>
public sealed class FigureAccount
{
    /// <summary>Bills that are kept: what is owed beyond two years of monthly bills has the age of the oldest of them.</summary>
    public const int BillsMax = 24;

    /// <summary>Payments that are kept: the reversal of an older one opens nothing that a bill had asked for until the next bill says so.</summary>
    public const int PaymentsMax = 36;

    /// <summary>Months with days below zero that are kept: those that a risk grade looks at.</summary>
    public const int NegativeMonthsMax = 14;

    public int Number { get; init; }

    /// <summary>Area that counts from now on; empty is none.</summary>
    public string Area { get; set; } = "";

    public CustomerClass Class { get; set; }

    /// <summary>ISO 4217 code of its amounts; an account keeps its currency.</summary>
    public string Currency { get; set; } = "";

    public PaymentMode Mode { get; set; }

    /// <summary>False for a float or suspense account: none of its rows is counted.</summary>
    public bool IsCustomer { get; set; } = true;

    public bool IsOpen { get; set; }

    /// <summary>Balance after the last entry, nano.</summary>
    public long BalanceNano { get; set; }

    /// <summary>Open in a debt agreement, nano.</summary>
    public long DebtNano { get; set; }

    /// <summary>Of what is owed, what bills have asked for, nano. Each bill says it exactly.</summary>
    public long AskedNano { get; set; }

    /// <summary>Arrears at the beginning of the calendar year, nano, and what of them is open.</summary>
    public long OldNano { get; set; }

    public long OldOpenNano { get; set; }

    /// <summary>The latest bills that asked for money, oldest first.</summary>
    public List<BilledAmount> Bills { get; init; } = [];

    /// <summary>The latest payments that paid something that bills had asked for, oldest first.</summary>
    public List<CountedPayment> Payments { get; init; } = [];

    /// <summary>Notices of the last 24 hours.</summary>
    public List<GivenNotice> Notices { get; init; } = [];

    public bool IsCut { get; set; }

    /// <summary>Since when supply is being restored, UTC ms; 0 is not.</summary>
    public long RestoringMs { get; set; }

    /// <summary>The last contact, UTC ms; 0 is none. And who made it.</summary>
    public long ContactMs { get; set; }

    public string ContactBy { get; set; } = "";

    /// <summary>Months in which a prepaid balance was below zero at a day's end, oldest first; months without such a day are left out.</summary>
    public List<NegativeMonth> NegativeMonths { get; init; } = [];

    /// <summary>Owed in the balance, nano.</summary>
    public long OwedNano => Math.Max(0, -BalanceNano);

    /// <summary>
    /// What an account that pays by bill owes, by due day: what bills have asked for has the due days of the latest bills that it covers, since payments pay
    /// the oldest first. The rest, late fees included, is not due: it has the day after the one that is asked about. A prepaid account has none.
    /// </summary>
    /// <param name="day">Day number.</param>
    public IEnumerable<Receivable> Receivables(int day)
    {
        if (Mode == PaymentMode.Prepaid)
        {
            yield break;
        }

        var asked = Math.Min(AskedNano, OwedNano);
        if (OwedNano > asked)
        {
            yield return new(day + 1, new Money(OwedNano - asked));
        }

        for (var i = Bills.Count - 1; i >= 0 && asked > 0; i--)
        {
            var part = i == 0 ? asked : Math.Min(asked, Bills[i].Nano);
            asked -= part;
            if (part > 0)
            {
                yield return new(Bills[i].DueDay, new Money(part));
            }
        }

        if (asked > 0)
        {
            yield return new(day + 1, new Money(asked));
        }
    }
}
