namespace AccountGrid.Domain.Events;

public sealed record PaymentTaken(long AmountNano, string Channel, string? Reference, string? Announced = null) : AccountEvent
{
    /// <summary>Whether it is the payment that an announcement spoke of.</summary>
    public bool Ends(string announced) => announced == Reference || announced == Announced;
}
