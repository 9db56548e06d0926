using AccountGrid.Domain.Commands;

namespace AccountGrid.Domain.Partitions;

/// <summary>
/// What the fold wants the world to know. Everything has a name derived from its cause, so a replay makes the same again. They
/// reach the database by the effects flush, in one fenced transaction with the position they stand at.
/// </summary>
public sealed class Effects
{
    public List<LedgerEntry> Entries { get; } = [];

    public List<EventEffect> Events { get; } = [];

    public List<NoticeEffect> Notices { get; } = [];

    /// <summary>The last word on each message that waited.</summary>
    public Dictionary<string, NoticeVerdictEffect> Verdicts { get; } = [];

    public List<CaseEffect> Cases { get; } = [];

    public List<ClosedCaseEffect> ClosedCases { get; } = [];

    public List<BillEffect> Bills { get; } = [];

    public List<ItemMoveEffect> ItemMoves { get; } = [];

    /// <summary>The last word on each relay command.</summary>
    public Dictionary<(int Account, int Sequence), RelayEffect> Relays { get; } = [];

    /// <summary>The last word on each account's due row.</summary>
    public Dictionary<int, DueEffect> Dues { get; } = [];

    public List<TransferEffect> Transfers { get; } = [];

    public List<MeterRouteEffect> MeterRoutes { get; } = [];

    /// <summary>The last word on each exception.</summary>
    public Dictionary<ExceptionKey, ExceptionEffect> Exceptions { get; } = [];

    public List<CommandOutcome> Outcomes { get; } = [];

    /// <summary>Rows that they are in the database.</summary>
    public int Count => Entries.Count + Events.Count + Notices.Count + Verdicts.Count + Cases.Count + ClosedCases.Count + Bills.Count + ItemMoves.Count
        + Relays.Count + Dues.Count + Transfers.Count + MeterRoutes.Count + Exceptions.Count + Outcomes.Count;

    public bool Any => Count > 0;
}
