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

    /// <summary>
    /// Days of supply left by the forecast that notices and workflows go by, in tenths, at most 900; null where nothing is known yet, and for a postpaid
    /// account.
    /// </summary>
    [Id(14)] public int? TenthsOfDaysLeft { get; init; }

    [Id(15)] public required IReadOnlyList<PeriodView> Periods { get; init; }

    [Id(16)] public required IReadOnlyList<MeterView> Meters { get; init; }

    /// <summary>First instant of the account's first local day, UTC ms.</summary>
    [Id(18)] public required long OpenedMs { get; init; }

    /// <summary>How far below zero an agent's float may stand, and what the agent keeps of a sale, millionths; null for what is no float.</summary>
    [Id(19)] public (long LimitNano, int CommissionPpm)? Float { get; init; }

    /// <summary>Persons of the household now; 0 is not known.</summary>
    [Id(20)] public byte HouseholdSize { get; init; }

    /// <summary>The household has free units.</summary>
    [Id(21)] public bool IsProtectedHousehold { get; init; }

    /// <summary>Number of the tariff version that holds at <see cref="AsOfMs"/>.</summary>
    [Id(22)] public int Tariff { get; init; }

    /// <summary>Further versions of its product take effect for the account on their day.</summary>
    [Id(23)] public bool FollowsProduct { get; init; }

    public DateTimeOffset OpenedAt => DateTimeOffset.FromUnixTimeMilliseconds(OpenedMs);

    /// <summary>Ids of <see cref="Meters"/>, in their order; null where the answer is not from the account's grain.</summary>
    [Id(17)] public IReadOnlyList<string>? MeterIds { get; init; }

    /// <summary>Contracted capacity now, thousandths of a kVA or kW; 0 is none.</summary>
    [Id(24)] public long ContractedMilli { get; init; }

    /// <summary>kVA or kW; empty where the contract holds for either, or there is none.</summary>
    [Id(25)] public string ContractedUnit { get; init; } = "";
}
