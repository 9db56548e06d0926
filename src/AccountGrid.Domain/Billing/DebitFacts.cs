using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What it depends on whether a bill is collected by direct debit, and how much of it.</summary>
public readonly record struct DebitFacts
{
    public DebitFacts()
    {
    }

    /// <summary>What is unpaid of what is due on the day, late fees left out.</summary>
    public Money Owed { get; init; }

    /// <summary>What the customer was told would be collected; 0: nothing was told.</summary>
    public Money Announced { get; init; }

    /// <summary>Largest amount of one collection that the mandate allows; 0 is no limit.</summary>
    public Money Most { get; init; }

    public bool IsMandateActive { get; init; }

    /// <summary>It is being collected already.</summary>
    public bool IsInFlight { get; init; }

    public IReadOnlyList<HoldKind> Holds { get; init; } = [];

    /// <summary>A payment plan says when what is owed is paid.</summary>
    public bool HasPlan { get; init; }

    /// <summary>The customer has promised to pay by a day that is not over.</summary>
    public bool HasPromise { get; init; }
}
