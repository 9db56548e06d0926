using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Cases;

/// <summary>A case as the table has it. Names are those of its columns.</summary>
internal sealed record CaseRow
{
    public required int Partition { get; init; }

    public required string Id { get; init; }

    /// <summary>Id of the account; null is none.</summary>
    public string? Account { get; init; }

    public required string Kind { get; init; }

    public string? Subject { get; init; }

    public long Created_Ms { get; init; }

    public DateOnly Due_Day { get; init; }

    public DateTimeOffset Due_At { get; init; }

    public required string Zone { get; init; }

    public required string Policy { get; init; }

    public long Amount_Nano { get; init; }

    public string? Area { get; init; }

    public string? Owner { get; init; }

    public int Level { get; init; }

    public short Priority { get; init; }

    public short Grade { get; init; }

    public long Sort_Key { get; init; }

    public required string State { get; init; }

    public string? Result { get; init; }

    public string? Outcome { get; init; }

    public string? Closed_By { get; init; }

    public int Postponed { get; init; }

    /// <summary>A person took it or was given it.</summary>
    public bool Is_By_Hand { get; init; }

    public byte[]? Body_Hash { get; init; }

    /// <summary>The manager and the collectors that it goes up to.</summary>
    public string? Manager { get; init; }

    public string[]? Chain { get; init; }

    public bool IsOpen => State != "closed";

    public CaseKind CaseKind => CaseKinds.Find(Kind);

    /// <summary>Whether the account's log opened it, and closes it.</summary>
    public bool IsOfLog => Account is not null && CaseKind is not (CaseKind.Manual or CaseKind.Suspense or CaseKind.Reconciliation or CaseKind.UseFall
        or CaseKind.ChannelTarget or CaseKind.PrepaymentRefused);

    public CaseAnswer ToAnswer() => new(
        Id, Account, Kind, Subject, Instants.ToInstant(Created_Ms), Instants.DayToText(Due_Day.DayNumber), Due_At, new Money(Amount_Nano).ToString(), Area,
        Owner, Level, ((CasePriority)Priority).ToString().ToLowerInvariant(), ((RiskGrade)Grade).ToString(), State, Result, Outcome, Closed_By);
}
