namespace AccountGrid.Host.Accounts;

/// <param name="Amount">Decimal string: a credit if positive, a debit if negative.</param>
/// <param name="Corrects">Id of the adjustment that it takes back, whole or in part, as its answer gave it; absent is none.</param>
public sealed record AdjustmentRequest(string Amount, string Reason, string? Corrects = null)
{
    /// <summary>Position that <see cref="Corrects"/> names; the request was checked.</summary>
    internal long? CorrectsPosition() => Corrects is null ? null : PaymentId.Parse(Corrects)!.Value.Position;
}
