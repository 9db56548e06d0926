namespace AccountGrid.Domain;

/// <summary>Named bounds of the domain. Each states its unit and why it is what it is.</summary>
public static class Limits
{
    /// <summary>Largest register value, Wh: 10^15 Wh is a large power station's output of a century, and far from the range of Int64.</summary>
    public const long RegisterMaxWh = 1_000_000_000_000_000;

    /// <summary>
    /// Largest difference of two readings that is charged where a meter's capacity is not known, Wh: a gigawatt-hour is no customer's interval.
    /// </summary>
    public const long DifferenceMaxWh = 1_000_000_000;

    /// <summary>
    /// Largest price or levy per kWh, whole currency units, and the most that a rate may lie below zero:
    /// no currency of <see cref="Currencies"/> is worth so little that a kWh costs as much.
    /// </summary>
    public const int PriceMax = 10_000_000;

    /// <summary>Largest standing charge per day, whole currency units.</summary>
    public const int StandingPerDayMax = 10_000_000;

    /// <summary>Largest price per kVA or kW and month, whole currency units: above the dearest ones in dong.</summary>
    public const int CapacityPriceMax = 1_000_000;

    /// <summary>Largest contracted capacity, kVA or kW: a gigawatt.</summary>
    public const int ContractedMax = 1_000_000;

    /// <summary>
    /// Most that the contracted capacity of an account may cost in a month, whole currency units: a day, and a correction, stay within bounds.
    /// </summary>
    public const int CapacityChargeMax = 1_000_000_000;

    /// <summary>Most changes of the contracted capacity that an account remembers.</summary>
    public const int ContractedSpansMax = 64;

    /// <summary>Local days ahead for which a contracted capacity can be set: a year.</summary>
    public const int CapacityAheadDays = 366;

    /// <summary>
    /// Largest ratio of transformers, millionths: twenty millions, above that of a line of 500 kV and 2,500 A whose meter has 100 V and 1 A.
    /// </summary>
    public const long RatioMaxMicro = 20_000_000L * 1_000_000;

    /// <summary>Most instants at which facts of a meter change on one account.</summary>
    public const int MeterFactsMax = 64;

    /// <summary>Longest interval whose average counts as demand, ms: what a longer one hides is not known.</summary>
    public const long DemandIntervalMaxMs = 3_600_000;

    /// <summary>
    /// Largest single amount and low-balance level, whole currency units: a large customer's month in dong or rupiah. Beyond it a decimal point has slipped.
    /// </summary>
    public const int AmountMax = 1_000_000_000;

    /// <summary>Largest household, persons.</summary>
    public const int HouseholdMax = 100;

    /// <summary>Holidays and moved workdays of a tariff, each: ten years of every day.</summary>
    public const int CalendarDaysMax = 3_660;

    /// <summary>
    /// Most that one difference may cost, nano: a billion units. What would cost more is held for a person, so that no charge leaves the range of
    /// <see cref="Money"/>.
    /// </summary>
    public const long DifferenceMaxNano = 1_000_000_000_000_000_000;

    /// <summary>Energy whose cost is within <see cref="DifferenceMaxNano"/> under every tariff that can be registered, Wh.</summary>
    public const long SafeDifferenceWh = DifferenceMaxNano / (7L * PriceMax * 1_000_000);

    /// <summary>Longest meter, account, gateway or tariff id, characters. The wire's limit for a meter, used for all.</summary>
    public const int IdMaxLength = 32;

    /// <summary>Grain of the tariff calendar, milliseconds: 15 minutes divides every zone offset in use and every market interval.</summary>
    public const long SlotMs = 15 * 60 * 1000;

    /// <summary>Longest gap that one difference is spread over, days. Beyond it the energy is held for a person.</summary>
    public const int GapMaxDays = 400;

    /// <summary>
    /// Longest time from the value before a glitch to the one after it, milliseconds: a month of a gateway that is down while its device restarts.
    /// </summary>
    public const long GlitchMaxMs = 31 * Instants.MsPerDay;

    /// <summary>Most changes of value within a glitch: a device that counts on from where it fell to does not return.</summary>
    public const int GlitchMaxChanges = 96;

    /// <summary>Days before a gap whose use by hour tells how it is spread: a week has every day of the week.</summary>
    public const int ShapeDays = 7;

    /// <summary>How far back a late reading may reopen closed days, days: 12 months of back-billing and a month of slack.</summary>
    public const int ReopenMaxDays = 400;

    /// <summary>How long after its end a local day stays open for late data, milliseconds. Gateways' usual backlog is within a day.</summary>
    public const long DayGraceMs = Instants.MsPerDay;

    /// <summary>A day is not closed while its account's readings still arrive behind it: quiet time needed, milliseconds.</summary>
    public const long IdleBeforeCloseMs = 10 * 60 * 1000;

    /// <summary>Longest time from the beginning of a local day (25 hours where the clock goes back) to its regular close, milliseconds.</summary>
    public const long DayOpenMaxMs = (25 * Instants.MsPerHour) + DayGraceMs + DailyCheckSpreadMs;

    /// <summary>Accounts' daily checks are spread over this much time after midnight, milliseconds, so that a million do not fall due at once.</summary>
    public const long DailyCheckSpreadMs = Instants.MsPerHour;

    /// <summary>Tier and tax periods kept per account for late data; a year of months, the open one and slack. Older ones no longer change.</summary>
    public const int PeriodsKept = 15;

    /// <summary>
    /// Least local days from the announcement of a further version of a product to its first day: one more than a packed account is rated from its last
    /// reading without a look at the product, since a process may pack it before it has heard of the version.
    /// </summary>
    public const int TariffLeadDays = 3;

    /// <summary>Most days of meters that a tariff is corrected for at once: they are all in memory then.</summary>
    public const int CorrectionDaysMax = 20_000;

    /// <summary>
    /// Local days that telling all customers of a price may take, beside the notice that packs ask for: quiet hours hold messages until the next morning, and
    /// a million accounts are told one after another.
    /// </summary>
    public const int PriceNoticeSendDays = 1;

    /// <summary>
    /// How long it may take until every process has heard that a version was registered or withdrawn, milliseconds. Processes ask twice as often, which leaves
    /// half of it for commits and clocks that differ.
    /// </summary>
    public const long TariffKnownMs = 2 * Instants.MsPerHour;

    /// <summary>
    /// How long a payment or adjustment can be taken back, days: the longest that schemes of direct debit allow is 13 months, at most 397 days.
    /// </summary>
    public const int ReversibleDays = 400;

    /// <summary>
    /// Payments and adjustments of one account that can be taken back: 25 a day. What is older is then corrected by an adjustment that names no payment.
    /// </summary>
    public const int MovementsMax = 10_000;

    /// <summary>
    /// What one person may move on an account by adjustments, refunds, waivers and corrections within <see cref="UnapprovedDays"/>, nano, where no policy
    /// pack says another amount: 1,000 units.
    /// </summary>
    public const long UnapprovedMaxNano = 1_000 * Money.NanoPerUnit;

    /// <summary>Local days over which what moved without a second person counts together, so that a large amount is not split into small ones.</summary>
    public const int UnapprovedDays = 30;

    /// <summary>Low-balance levels of one account.</summary>
    public const int LevelsMax = 8;

    /// <summary>Meters on one account; beyond it the account is split by its owner, since one partition folds it.</summary>
    public const int MetersPerAccountMax = 10_000;

    /// <summary>A frozen run is reported after so long with equal, non-zero differences, milliseconds; half a day of a household has other hours.</summary>
    public const long FrozenRunMs = 12 * Instants.MsPerHour;

    /// <summary>Longest difference that can be part of a frozen run, milliseconds: equal days say little.</summary>
    public const long FrozenIntervalMaxMs = Instants.MsPerHour;

    /// <summary>Fewest steps of the register in each of them: a small or coarsely shown difference is equal by itself.</summary>
    public const long FrozenRunSteps = 100;

    /// <summary>A zero run is reported after so long without consumption, milliseconds.</summary>
    public const long ZeroRunMs = 3 * Instants.MsPerDay;

    /// <summary>Share of the register's width above which a fall can be a rollover: the last tenth.</summary>
    public const int RolloverNearTopPercent = 90;

    /// <summary>Tiers of one tariff.</summary>
    public const int TiersMax = 8;

    /// <summary>Rates (prices by period) of one tariff; a rate's index is one byte in day plans.</summary>
    public const int RatesMax = 64;

    /// <summary>Quarters of an hour of a local day at most: clocks set back by five hours. Each can be a rate of its day.</summary>
    public const int IntervalsMax = 29 * 4;
}
