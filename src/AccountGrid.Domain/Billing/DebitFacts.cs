using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What it depends on whether a bill is collected by direct debit, and how much of it.</summary>
public readonly record struct DebitFacts
{
    public DebitFacts()
    {
    }

    /// <summary>What is unpaid of what is due on the day, late fees left out, nano.</summary>
    public long OwedNano { get; init; }

    /// <summary>What the customer was told would be collected, nano; 0: nothing was told.</summary>
    public long AnnouncedNano { get; init; }

    /// <summary>Largest amount of one collection that the mandate allows, nano; 0 is no limit.</summary>
    public long MostNano { get; init; }

    public bool IsMandateActive { get; init; }

    /// <summary>It is being collected already.</summary>
    public bool IsInFlight { get; init; }

    public IReadOnlyList<HoldKind> Holds { get; init; } = [];

    /// <summary>A payment plan says when what is owed is paid.</summary>
    public bool HasPlan { get; init; }

    /// <summary>The customer has promised to pay by a day that is not over.</summary>
    public bool HasPromise { get; init; }
}
