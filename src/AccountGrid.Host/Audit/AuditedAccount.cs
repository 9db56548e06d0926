using AccountGrid.Domain;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>What all parts of an account's history need: its terms so far, what it owes item by item, and what was found to differ.</summary>
internal sealed class AuditedAccount(int number, AuditTables tables)
{
    public int Number => number;

    public AuditTables Tables => tables;

    public AuditItems Items { get; } = new();

    public AuditProducts Products { get; } = new(tables.Tariffs);

    public PaymentMode Mode { get; set; }

    /// <summary>Family of its policy packs; 0 is none.</summary>
    public int Family { get; set; }

    public int OpenedDay { get; set; }

    /// <summary>Last day of a closed account; <see cref="int.MaxValue"/> where it is open.</summary>
    public int LastDay { get; set; } = int.MaxValue;

    /// <summary>A pack decides about it: bills are made.</summary>
    public bool IsBilled { get; set; }

    /// <summary>Sum of its entries so far, nano.</summary>
    public long Ledger { get; set; }

    public List<string> Differences { get; } = [];

    public bool IsClosed => LastDay != int.MaxValue;

    public bool OwesByBill => Mode != PaymentMode.Prepaid || IsClosed;

    public List<(DateOnly From, AuditTariff Tariff)> Tariffs => Products.Versions;

    public int DayOf(long ms) => Tariffs[^1].Tariff.At(ms).Day.DayNumber;

    public AuditPack? PackOf(int day) => tables.Packs(Family, day);

    public bool FeesFirst(int day) => PackOf(day)?.FeesFirst ?? false;

    /// <summary>Days of the arrears after the due day on which they reached the pack's minimum; null where they do not.</summary>
    public int? OverdueDays(AuditPack pack, int today)
    {
        var sum = 0L;
        foreach (var item in Items.Items.Where(i => i.IsAsked && i.Open > 0).OrderBy(i => i.DueDay))
        {
            sum += item.Open;
            if (sum >= pack.ArrearsMinimum)
            {
                return OwesByBill ? today - item.DueDay : null;
            }
        }

        return null;
    }

    /// <summary>Notes a difference of this account.</summary>
    public void Differ(string what) => Differences.Add($"account {number}: {what}");

    public void Differ(IEnumerable<string> all) => Differences.AddRange(all.Select(what => $"account {number}: {what}"));

    public void Same(string what, long expected, long found)
    {
        if (expected != found)
        {
            Differ($"{what} must be {Text(expected)} but is {Text(found)}");
        }
    }

    public static string Text(long nano) => new Money(nano).ToString();

    public static string Text(int day) => day == 0 ? "no day" : Instants.DayToText(day);
}
