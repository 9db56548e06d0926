using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Notices;

/// <summary>What an account is at the moment at which a message that waited is to leave.</summary>
public sealed record NoticePresent
{
    /// <summary>No later message of its group was decided: levels, letters about arrears, bills, supply.</summary>
    public bool IsLatest { get; init; } = true;

    public bool IsClosed { get; init; }

    /// <summary>Prepaid, and the balance is below zero.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>The lowest level that the balance has fallen below and not risen from; null is none.</summary>
    public LevelKind? Level { get; init; }

    public Stage Stage { get; init; }

    /// <summary>A hold, a plan, a promise or an announced payment stops escalation.</summary>
    public bool IsPaused { get; init; }

    /// <summary>What a letter about arrears asks for.</summary>
    public Money Unpaid { get; init; }

    /// <summary>The newest bill is unpaid and its due day is not over, whatever older ones are.</summary>
    public bool IsBillOpen { get; init; }

    /// <summary>A closed account of which nothing is asked.</summary>
    public bool IsSettled { get; init; }

    /// <summary>The price that a message is about still comes, or has come, for the account.</summary>
    public bool IsPriceDue { get; init; }

    public Relay Relay { get; init; }

    /// <summary>The last notice is this one, and a cut in its minutes is still allowed.</summary>
    public bool LastNoticeMayGo { get; init; }
}
