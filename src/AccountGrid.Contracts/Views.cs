using Orleans;

namespace AccountGrid.Contracts;

/// <summary>
/// An account at a position of its partition's log: the balance is the fold of everything before <see cref="Position"/>. Money is nano (10^-9
/// currency units), times are UTC ms, days are day numbers (days since 0001-01-01) in <see cref="Zone"/>.
/// </summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AccountView.v1")]
public sealed record AccountView
{
    [Id(0)] public required int Number { get; init; }

    [Id(1)] public required int Partition { get; init; }

    /// <summary>The answer is the fold of all records before this position.</summary>
    [Id(2)] public required long Position { get; init; }

    /// <summary>Position of the last record that changed the account; rises with every change.</summary>
    [Id(3)] public required long Version { get; init; }

    /// <summary>When the last folded record was taken into the log, UTC ms.</summary>
    [Id(4)] public required long AsOfMs { get; init; }

    [Id(5)] public required bool IsOpen { get; init; }

    [Id(6)] public required string Mode { get; init; }

    [Id(7)] public required string Currency { get; init; }

    [Id(8)] public required string Zone { get; init; }

    [Id(9)] public required long BalanceNano { get; init; }

    /// <summary>Balance by the ledger's entries: without what open days have cost so far.</summary>
    [Id(10)] public required long LedgerBalanceNano { get; init; }

    [Id(11)] public required Int128 CreditNano { get; init; }

    [Id(12)] public required Int128 ChargedNano { get; init; }

    /// <summary>Charges of periods that no longer change.</summary>
    [Id(13)] public required Int128 SettledNano { get; init; }

    /// <summary>Days of supply left by the forecast that notices and workflows go by, in tenths, at most 900; null where nothing is known yet, and for a postpaid account.</summary>
    [Id(14)] public int? TenthsOfDaysLeft { get; init; }

    [Id(15)] public required IReadOnlyList<PeriodView> Periods { get; init; }

    [Id(16)] public required IReadOnlyList<MeterView> Meters { get; init; }

    /// <summary>First instant of the account's first local day, UTC ms.</summary>
    [Id(18)] public required long OpenedMs { get; init; }

    public DateTimeOffset OpenedAt => DateTimeOffset.FromUnixTimeMilliseconds(OpenedMs);

    /// <summary>Ids of <see cref="Meters"/>, in their order; null where the answer is not from the account's grain.</summary>
    [Id(17)] public IReadOnlyList<string>? MeterIds { get; init; }
}

/// <summary>A tier and tax period of an account under one tariff version. Energy in Wh, money in nano.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.PeriodView.v1")]
public sealed record PeriodView(
    [property: Id(0)] int StartDay,
    [property: Id(1)] int Tariff,
    [property: Id(2)] long EnergyWh,
    [property: Id(3)] Int128 EnergyNano,
    [property: Id(4)] Int128 TiersNano,
    [property: Id(5)] Int128 StandingNano,
    [property: Id(6)] Int128 TaxNano,
    [property: Id(7)] Int128 ChargeNano,
    [property: Id(8)] Int128 BookedNano);

/// <summary>A meter for the time that it is on one account (0 is none). Registers and energy in Wh, power in W, times in UTC ms.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.MeterView.v1")]
public sealed record MeterView
{
    [Id(0)] public required int Number { get; init; }

    [Id(1)] public required int Assignment { get; init; }

    [Id(2)] public required int Account { get; init; }

    [Id(3)] public required int Partition { get; init; }

    [Id(4)] public required long Position { get; init; }

    [Id(5)] public required long FromMs { get; init; }

    /// <summary>Null while the meter is here.</summary>
    [Id(6)] public long? UntilMs { get; init; }

    [Id(7)] public required long RegisterWh { get; init; }

    [Id(8)] public required long RegisterMs { get; init; }

    [Id(9)] public required long ChargedWh { get; init; }

    /// <summary>Energy held in exceptions; negative where a register fell.</summary>
    [Id(10)] public required long HeldWh { get; init; }

    [Id(11)] public required long CapacityW { get; init; }

    [Id(12)] public required long RegisterWidthWh { get; init; }

    [Id(13)] public required int IntervalMs { get; init; }
}

/// <summary>A local day of a meter, for one assignment: on the day of a move a meter has two. Energy by rate of the tariff in Wh; <see cref="EnergyNano"/> is money for energy by rate, without tiers, standing charge and tax.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.DayView.v1")]
public sealed record DayView(
    [property: Id(0)] int Day,
    [property: Id(1)] int Account,
    [property: Id(2)] int Tariff,
    [property: Id(3)] bool Closed,
    [property: Id(4)] IReadOnlyList<long> RateWh,
    [property: Id(5)] long EnergyNano,
    [property: Id(6)] long HeldWh,
    [property: Id(7)] IReadOnlyList<PointView> Points,
    [property: Id(8)] long FromPosition,
    [property: Id(9)] long ToPosition,
    [property: Id(10)] int Meter,
    [property: Id(11)] int Assignment);

/// <summary>What a partition knows of days beyond the database.</summary>
/// <param name="Days">Open days, and those closed since the last state flush: they replace what the database holds of the same meter, assignment and day.</param>
/// <param name="StatePosition">The partition's last state flush: the database's rows continue these days only if they are of the same flush.</param>
/// <param name="Elsewhere">Partitions that the meter came from or went to.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.RecentDays")]
public sealed record RecentDays([property: Id(0)] IReadOnlyList<DayView> Days, [property: Id(1)] long StatePosition, [property: Id(2)] IReadOnlyList<int> Elsewhere);

/// <summary>An account and its recent days, both at the account's position.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AccountDays")]
public sealed record AccountDays([property: Id(0)] AccountView Account, [property: Id(1)] RecentDays Recent);

/// <summary>A register value. <see cref="Quality"/> holds the flags of the domain's reading quality.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.PointView.v1")]
public readonly record struct PointView([property: Id(0)] long TimeMs, [property: Id(1)] long ValueWh, [property: Id(2)] int Quality, [property: Id(3)] byte Revision);

/// <summary>What the fold made of a command. A refusal has a stable code. <see cref="AmountNano"/> is what its own ledger entry moved, credit positive.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.OutcomeView.v1")]
public sealed record OutcomeView(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Position,
    [property: Id(2)] string? Code,
    [property: Id(3)] string? Detail,
    [property: Id(4)] long BalanceNano,
    [property: Id(5)] bool Replayed,
    [property: Id(6)] long AmountNano = 0,
    [property: Id(7)] long DebtNano = 0,
    [property: Id(8)] long FeesNano = 0)
{
    public bool Accepted => Code is null;
}

/// <summary>A balance in a list of many.</summary>
/// <param name="Account">The grid's number of the account.</param>
/// <param name="Position">The balance is the fold of all records before this position of its partition.</param>
/// <param name="ChargedWh">Energy charged so far, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.BalanceView")]
public readonly record struct BalanceView([property: Id(0)] int Account, [property: Id(1)] long BalanceNano, [property: Id(2)] long Position, [property: Id(3)] long ChargedWh, [property: Id(4)] long HeldWh);
