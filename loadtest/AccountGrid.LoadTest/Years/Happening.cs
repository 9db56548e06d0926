using AccountGrid.Domain.Events;

namespace AccountGrid.LoadTest.Years;

/// <summary>What happened to a person's account in the order of its log, as the year knows it and not as the grid does.</summary>
/// <param name="Position">Position in the partition's log.</param>
/// <param name="AtMs">A reading's own time, a payment's arrival.</param>
/// <param name="Nano">Change of the balance.</param>
/// <param name="ArrivedMs">When the grid acknowledged it.</param>
/// <param name="Of">Position of the payment that bounced, or of the adjustment that is taken back; 0 is none.</param>
internal readonly record struct Happening(long Position, long AtMs, HappeningKind Kind, long Nano, long ArrivedMs, long Of = 0)
{
    public AccountEvent ToEvent() => Kind switch
    {
        HappeningKind.Payment => new PaymentTaken(new(Nano), "bank", null),
        HappeningKind.Bounce => new PaymentReversed(Of, new(-Nano), null),
        _ => new BalanceAdjusted(new(Nano), "by staff", Of == 0 ? null : Of),
    };
}
