using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Policies;

/// <summary>A policy pack's version, checked and ready to decide by. Immutable.</summary>
public sealed class Policy
{
    /// <summary>A released cut that is not carried out by then is void, ms: what the interlock saw is no longer true.</summary>
    private const long CutExpiryMs = 15 * Instants.MsPerMinute;

    internal Policy(PolicyDefinition definition, string hash)
    {
        Definition = definition;
        Hash = hash;
        Business = new BusinessCalendar(definition.Calendar);
        QuietHours = Hours.Of(definition.QuietHours)!.Value;
        FriendlyHours = Hours.Of(definition.Prepaid.FriendlyHours)!.Value;
        CutHours = Hours.Of(definition.Cut.AllowedHours)!.Value;
        WorkingHours = definition.Calendar.WorkingHours is { } working ? Hours.Of(working)!.Value : new Hours(0, 24 * 60);
        AmountLevels =
            [.. definition.LowBalance.Amounts.Select(a => new Level(LevelKind.Amount, Amount(a.Below).Nano, Amount(a.Below), Amount(a.Rearm)))];
        EmergencyCredit = Amount(definition.Prepaid.EmergencyCredit);
        DebtPerDay = Amount(definition.Prepaid.DebtPerDay);
        LateFeeMinimum = Amount(definition.LateFee.Minimum);
        Digits = Currencies.DigitsOf(definition.Currency)!.Value;
        var minimum = Amount(definition.Billing.ArrearsMinimum);
        ArrearsMinimum = minimum > Money.SmallestUnit(Digits) ? minimum : Money.SmallestUnit(Digits);
        Allocation = definition.Billing.Allocation == PolicyCompiler.FeesFirst ? AllocationOrder.FeesFirst : AllocationOrder.PrincipalFirst;
        Compensation = Amount(definition.Restore.Compensation);
        AdjustmentAbove = Amount(definition.Approval.AdjustmentAbove);
        WaiverAbove = Amount(definition.Approval.WaiverAbove);
        Instalments = definition.Instalments ?? InstalmentPolicy.Default;
    }

    public PolicyDefinition Definition { get; }

    /// <summary>SHA-256 of the content, hex; stored with every decision.</summary>
    public string Hash { get; }

    /// <summary>What decisions are stored with: pack, version and the beginning of the hash.</summary>
    public string Stamp => $"{Definition.Id}/{Definition.Version}#{Hash[..12]}";

    public BusinessCalendar Business { get; }

    public InstalmentPolicy Instalments { get; }

    /// <summary>Days of the month with which bills by instalments end, rising, the last of them 31.</summary>
    public IReadOnlyList<int> InstalmentDays => Definition.Billing.InstalmentDays;

    public Hours QuietHours { get; }

    public Hours FriendlyHours { get; }

    public Hours CutHours { get; }

    /// <summary>Hours in which people work on business days; never over midnight.</summary>
    public Hours WorkingHours { get; }

    public IReadOnlyList<Level> AmountLevels { get; }

    public Money EmergencyCredit { get; }

    public Money DebtPerDay { get; }

    public Money LateFeeMinimum { get; }

    /// <summary>Digits of the pack's currency after the decimal point.</summary>
    public int Digits { get; }

    /// <summary>Least arrears that have consequences; at least the currency's smallest unit.</summary>
    public Money ArrearsMinimum { get; }

    /// <summary>In which order a credit pays open items.</summary>
    public AllocationOrder Allocation { get; }

    public Money Compensation { get; }

    public Money AdjustmentAbove { get; }

    public Money WaiverAbove { get; }

    /// <summary>The last local day on which a bill of a day is paid in time.</summary>
    public int DueDayFrom(int day) => Business.AddBusinessDays(day, Definition.Billing.DueBusinessDays);

    /// <summary>When a cut that is released at an instant is void, UTC ms: after its minutes, and when the hours in which it may be carried out end.</summary>
    /// <param name="isExhausted">It is for want of balance: friendly hours end it too.</param>
    public long CutExpiryOf(LocalCalendar calendar, long ms, bool isExhausted)
    {
        var expires = Math.Min(ms + CutExpiryMs, CutHours.NextEnd(calendar, ms));
        return isExhausted && FriendlyHours.FromMinute != FriendlyHours.ToMinute ? Math.Min(expires, FriendlyHours.NextBegin(calendar, ms)) : expires;
    }

    /// <summary>The first instant from one on that lies outside quiet hours.</summary>
    public long AfterQuietHours(LocalCalendar calendar, long ms) => QuietHours.Contains(calendar.MinuteOf(ms)) ? QuietHours.NextEnd(calendar, ms) : ms;

    /// <summary>No cut for want of balance: friendly hours, days, and what the calendar does not reach.</summary>
    public bool IsFriendly(LocalCalendar calendar, long ms)
    {
        var day = calendar.DayOf(ms);
        var days = Definition.Prepaid.FriendlyDays;
        return FriendlyHours.Contains(calendar.MinuteOf(ms))
            || (days.Contains("weekend") && Business.IsWeekendOff(day))
            || (days.Contains("holiday") && Business.IsHoliday(day));
    }

    private static Money Amount(string text) =>
        Money.TryParse(text, out var money) ? money : throw new InvariantBrokenException($"A checked policy holds the amount '{text}'.");
}
