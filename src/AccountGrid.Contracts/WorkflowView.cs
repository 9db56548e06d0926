namespace AccountGrid.Contracts;

/// <summary>
/// What the workflows know of an account right now, and the interlock's word on it. Money is nano, times UTC ms, days local day numbers; 0 is none.
/// </summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.WorkflowView.v1")]
public sealed record WorkflowView
{
    [Id(0)] public required int Account { get; init; }

    /// <summary>Pack, version and hash that decide today.</summary>
    [Id(1)] public required string Policy { get; init; }

    [Id(2)] public required string Class { get; init; }

    [Id(3)] public required string Traits { get; init; }

    [Id(4)] public required string Stage { get; init; }

    [Id(5)] public required int StageDay { get; init; }

    /// <summary>Of the oldest unpaid bill; null where none is.</summary>
    [Id(6)] public int? OverdueDays { get; init; }

    [Id(7)] public required long UnpaidNano { get; init; }

    [Id(8)] public required long LateFeesNano { get; init; }

    [Id(9)] public required long DebtNano { get; init; }

    [Id(10)] public required string Relay { get; init; }

    [Id(11)] public required int Sequence { get; init; }

    /// <summary>Tenths of days that the balance lasts by the forecast; null where nothing is known.</summary>
    [Id(12)] public int? TenthsOfDaysLeft { get; init; }

    [Id(13)] public required IReadOnlyList<string> Holds { get; init; }

    [Id(14)] public required bool InterlockGo { get; init; }

    [Id(15)] public required IReadOnlyList<InterlockReasonView> Reasons { get; init; }

    /// <summary>Facts that the interlock rests on, as JSON.</summary>
    [Id(16)] public required string Facts { get; init; }

    /// <summary>Version of the account that it was evaluated at.</summary>
    [Id(17)] public required long Version { get; init; }

    [Id(18)] public required long AtMs { get; init; }

    [Id(19)] public required int Tariff { get; init; }

    /// <summary>What ends what is asked for, late fees included, in the currency's digits; for a prepaid account what lifts its balance to zero.</summary>
    [Id(20)] public required long ToPayNano { get; init; }

    /// <summary>Items that were asked for and are not paid, oldest due day first, late fees left out.</summary>
    [Id(21)] public required IReadOnlyList<DueView> Dues { get; init; }

    /// <summary><c>prepaid</c>, <c>postpaid</c> or <c>instalments</c>.</summary>
    [Id(22)] public required string Mode { get; init; }

    /// <summary>Persons of the household; 0 is not known.</summary>
    [Id(23)] public required byte HouseholdSize { get; init; }

    /// <summary>A protected household with free units.</summary>
    [Id(24)] public required bool IsProtectedHousehold { get; init; }

    /// <summary>The account's first local day, as a day number.</summary>
    [Id(25)] public required int OpenedDay { get; init; }

    [Id(26)] public required bool IsOpen { get; init; }

    /// <summary>How it is billed now, and then from days to come on; never empty.</summary>
    [Id(27)] public required IReadOnlyList<BillingCycleView> Cycles { get; init; }

    /// <summary>Last local day that is billed, as a day number; 0 is not begun.</summary>
    [Id(28)] public required int BilledThroughDay { get; init; }

    /// <summary>Low-balance levels as they are now.</summary>
    [Id(29)] public required IReadOnlyList<LevelView> Levels { get; init; }
}
