using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Accounts;

/// <param name="Id">1 to 32 visible ASCII characters.</param>
/// <param name="Tariff">Name of a registered tariff.</param>
/// <param name="TariffVersion">Its version, which must be in force on the first day; the one in force then if absent.</param>
/// <param name="Mode"><c>prepaid</c> (default), <c>postpaid</c> or <c>instalments</c>.</param>
/// <param name="OpenedOn">First local day, <c>yyyy-MM-dd</c> in the tariff's zone; today if absent.</param>
/// <param name="HouseholdSize">Persons, for tier allowances; 0 is not known.</param>
/// <param name="Protected">Protected household with free units.</param>
/// <param name="LowBalanceLevels">Amounts below which a notice goes out, decimal strings from -1000000000 to 1000000000; at most eight.</param>
public sealed record OpenAccountRequest(
    string Id, string Tariff, int? TariffVersion = null, string Mode = "prepaid", DateOnly? OpenedOn = null, int HouseholdSize = 0, bool Protected = false, IReadOnlyList<string>? LowBalanceLevels = null);

/// <param name="Amount">Decimal string, more than zero, at most nine decimals, in the account's currency.</param>
/// <param name="Channel">Where it was paid: bank, wallet, counter...</param>
/// <param name="Reference">The channel's own id.</param>
public sealed record PaymentRequest(string Amount, string Channel = "api", string? Reference = null);

/// <param name="Amount">Decimal string, more than zero.</param>
public sealed record RefundRequest(string Amount, string? Reason = null);

/// <param name="Amount">Decimal string: a credit if positive, a debit if negative.</param>
/// <param name="Corrects">Id of the adjustment that it takes back, whole or in part, as its answer gave it; absent is none.</param>
public sealed record AdjustmentRequest(string Amount, string Reason, string? Corrects = null)
{
    /// <summary>Position that <see cref="Corrects"/> names; the request was checked.</summary>
    internal long? CorrectsPosition() => Corrects is null ? null : PaymentId.Parse(Corrects)!.Value.Position;
}

/// <param name="Payment">Id of the payment that bounced, as its answer gave it.</param>
public sealed record ReversalRequest(string Payment, string? Reason = null);

/// <param name="From">First local day under the version, <c>yyyy-MM-dd</c>.</param>
/// <param name="Version">Must be in force on the day; the version in force then if absent.</param>
public sealed record ChangeTariffRequest(string Tariff, DateOnly From, int? Version = null);

/// <param name="HouseholdSize">Persons, 0 to 100; 0 is not known.</param>
/// <param name="Protected">Protected household with free units.</param>
/// <param name="From">Local day, <c>yyyy-MM-dd</c>, not in the future; the change holds from the first day of its tier period.</param>
public sealed record ChangeHouseholdRequest(int HouseholdSize, bool Protected, DateOnly From, string Reason);

/// <param name="LastDay">Last local day of the account, <c>yyyy-MM-dd</c>, from the day on which its last meter left to today; today if absent. Standing charges are taken through it.</param>
public sealed record CloseAccountRequest(string? Reason = null, DateOnly? LastDay = null);

/// <summary>What a money command came to. Repeating it under its key answers this again.</summary>
/// <param name="Id">Names the record in its partition's log: partition and position.</param>
/// <param name="Amount">What it moved: positive is credit. A reversal answers the bounced payment's amount, negative.</param>
/// <param name="Position">The balance is the fold up to and including this position.</param>
public sealed record MoneyAnswer(string Id, string Amount, string Currency, string Balance, long Position);

/// <param name="AsOf">When the last record in it was taken into the log.</param>
/// <param name="Position">The amount is the fold of all records before this position of the account's partition.</param>
/// <param name="DaysLeft">Days of supply left, in tenths, at most 90: the same forecast that notices and workflows go by. Null where nothing is known yet, and for a postpaid account.</param>
public sealed record BalanceAnswer(string Amount, string Currency, DateTimeOffset AsOf, long Position, long Version, decimal? DaysLeft, IReadOnlyList<BalanceMeter> Meters);

/// <param name="RegisterWh">Last register value, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record BalanceMeter(string Meter, long RegisterWh, DateTimeOffset At, long ChargedWh, long HeldWh);

public sealed record AccountAnswer(
    string Id, bool Open, string Mode, string Currency, string Zone, string Balance, string LedgerBalance, string Credit, string Charged, DateTimeOffset AsOf, long Version, IReadOnlyList<PeriodAnswer> Periods, IReadOnlyList<BalanceMeter> Meters);

/// <summary>A tier and tax period under one tariff version; money as decimal strings.</summary>
public sealed record PeriodAnswer(string From, string Tariff, int TariffVersion, long EnergyWh, string Energy, string Tiers, string Standing, string Tax, string Charge, string Booked);

/// <param name="Id">Partition, position and sequence: the entry's name for ever.</param>
/// <param name="Amount">Positive is credit.</param>
/// <param name="LedgerBalance">Balance of the ledger after it; open days are not in it.</param>
/// <param name="Corrects">Position of the record whose entry it corrects.</param>
public sealed record EntryAnswer(
    string Id, string Kind, string Amount, string LedgerBalance, DateTimeOffset At, string? Day, string? Corrects, string? Energy, string? Tiers, string? Standing, string? Tax, string? Reference);

/// <summary>From the balance back to what made it.</summary>
/// <param name="Agrees">Balance = credit − charged, and the days' energy charges sum to the periods' (where all periods are kept).</param>
public sealed record ExplainAnswer(
    string Account, string Balance, string Currency, long Position, string Credit, IReadOnlyList<EntryAnswer> Credits, string Charged, IReadOnlyList<PeriodAnswer> Periods, IReadOnlyList<ExplainDay> Days, bool Agrees);

/// <param name="Accounts">Ids, at most 2,000.</param>
public sealed record BalancesRequest(IReadOnlyList<string> Accounts);

/// <param name="Position">The amount is the fold of all records before this position of the account's partition.</param>
/// <param name="ChargedWh">Energy charged so far, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record ListedBalance(string Account, string Amount, long Position, long ChargedWh, long HeldWh);

/// <param name="Unknown">Asked for, but not registered.</param>
public sealed record BalancesAnswer(IReadOnlyList<ListedBalance> Data, IReadOnlyList<string> Unknown);
