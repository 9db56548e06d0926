using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Overdue;

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

    /// <summary>The last word on each relay command.</summary>
    public Dictionary<(int Account, int Sequence), RelayEffect> Relays { get; } = [];

    /// <summary>The last word on each account's due row.</summary>
    public Dictionary<int, DueEffect> Dues { get; } = [];

    public List<TransferEffect> Transfers { get; } = [];

    public List<HomeEffect> Homes { get; } = [];

    /// <summary>The last word on each exception.</summary>
    public Dictionary<ExceptionKey, ExceptionEffect> Exceptions { get; } = [];

    public List<CommandOutcome> Outcomes { get; } = [];

    /// <summary>Rows that they are in the database.</summary>
    public int Count => Entries.Count + Events.Count + Notices.Count + Verdicts.Count + Cases.Count + ClosedCases.Count + Bills.Count + Relays.Count + Dues.Count + Transfers.Count + Homes.Count + Exceptions.Count + Outcomes.Count;

    public bool Any => Count > 0;
}

public enum EntryKind : byte
{
    Payment = 0,
    Reversal = 1,
    Refund = 2,
    Adjustment = 3,

    /// <summary>A day's energy, with the tiers and tax that it brought.</summary>
    Charge = 4,

    /// <summary>A closed day became known better; names the entry it corrects.</summary>
    Correction = 5,

    /// <summary>Standing charge, with its tax.</summary>
    Standing = 6,

    LateFee = 7,
    Waiver = 8,

    /// <summary>Given where the company missed what it promised.</summary>
    Compensation = 9,

    /// <summary>What was owed, taken out of the balance to be recovered beside it.</summary>
    DebtMoved = 10,
    DebtRecovery = 11,
    WriteOff = 12,
}

/// <summary>One immutable line of an account's ledger. Positive is credit. Named by (position, sequence) in its partition.</summary>
/// <param name="Balance">Balance by the ledger after this line: open days are not in it yet.</param>
/// <param name="Day">Local day that a charge is for, as a day number; 0 is none.</param>
/// <param name="CorrectsPosition">Position of the entry that a correction or reversal names; 0 is none.</param>
/// <param name="Parts">What a charge is made of.</param>
public sealed record LedgerEntry(long Position, int Sequence, int Account, EntryKind Kind, Money Amount, Money Balance, long AtMs, int Day, long CorrectsPosition, ChargeParts Parts, string? Reference);

public sealed record EventEffect(long Position, int Sequence, int Account, long AtMs, AccountEvent Event);

/// <param name="Id">Account, rule and episode: unique for ever.</param>
/// <param name="Kind">Which text it is: <c>low-balance</c>, <c>demand</c>, <c>stop-notice</c>...</param>
/// <param name="NotBeforeMs">Quiet hours hold it back until then, UTC ms.</param>
/// <param name="Quiet">The quiet hours themselves, for whatever is tried again later: minutes of the day and zone; null is none.</param>
public sealed record NoticeEffect(string Id, int Account, long Position, long AtMs, string Kind, long NotBeforeMs, QuietTime? Quiet, NoticeFacts Facts);

/// <summary>A message that waited was compared with the present.</summary>
/// <param name="AtMs">The present, UTC ms.</param>
/// <param name="Kind">What it says now; null withdraws it.</param>
/// <param name="Facts">The facts of now; null where it is withdrawn.</param>
/// <param name="Reason">Why it is withdrawn.</param>
public sealed record NoticeVerdictEffect(string Id, long AtMs, string? Kind, NoticeFacts? Facts, string? Reason);

/// <param name="Id">Account, rule and episode.</param>
/// <param name="Kind"><c>contact</c>, <c>deliver-by-hand</c>, <c>inform-authority</c>, <c>close-account</c>, <c>write-off</c>, <c>relay-unconfirmed</c>, <c>tamper</c>.</param>
/// <param name="DueDay">Last local day on which somebody should have acted.</param>
public sealed record CaseEffect(string Id, int Account, string Kind, long Position, long AtMs, int DueDay, long AmountNano, string Policy);

/// <summary>A person has closed a case, with or without a contact.</summary>
/// <param name="Outcome">The contact's code and note, or free text.</param>
public sealed record ClosedCaseEffect(string Id, string By, string Outcome, long AtMs);

/// <param name="Id">Account and month.</param>
public sealed record BillEffect(string Id, int Account, long Position, long AtMs, BillFacts Facts);

/// <param name="State"><c>planned</c>, <c>released</c>, <c>withdrawn</c>, <c>confirmed</c>.</param>
public sealed record RelayEffect(int Account, int Sequence, bool TurnsOn, string State, long Position, long AtMs, long ExpiresMs, IReadOnlyList<int> Meters);

/// <param name="DueMs">When the account is looked at next, UTC ms; null takes its row away.</param>
public sealed record DueEffect(int Account, string Kind, long? DueMs);

/// <summary>A record for another partition's log, appended in the same transaction as the position that caused it.</summary>
public sealed record TransferEffect(long Position, int ToPartition, int Count, byte[] Records);

/// <summary>Where a meter is at home from now on.</summary>
public sealed record HomeEffect(long Position, int Meter, int Account, int Partition);

/// <param name="TimeMs">Time of the reading that the exception is about.</param>
public readonly record struct ExceptionKey(int Meter, long TimeMs, VeeOutcome Outcome);

/// <param name="Open">False resolves it: what was unclear no longer is.</param>
/// <param name="HeldWh">Energy that is not charged because of it; may be negative.</param>
public sealed record ExceptionEffect(long Position, int Account, bool Open, long ValueWh, long HeldWh, string? Detail);
