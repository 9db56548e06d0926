using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <param name="From">The float or suspense account that it came out of; null is none.</param>
public sealed record PaymentTaken(Money Amount, string Channel, string? Reference, string? Announced = null, TransferSource? From = null) : AccountEvent
{
    /// <summary>Whether it is the payment that an announcement spoke of.</summary>
    public bool Ends(string announced) => announced == Reference || announced == Announced;
}
