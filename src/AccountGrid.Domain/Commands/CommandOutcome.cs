namespace AccountGrid.Domain.Commands;

/// <summary>What the fold made of a command: kept under its position and answered again to whoever asks again.</summary>
/// <param name="Position">Position of the command's record in its partition.</param>
/// <param name="Refusal">Why it was refused; null where it was carried out.</param>
/// <param name="Balance">The account's balance right after it.</param>
/// <param name="Amount">What its own ledger entry moved, credit positive; zero where it moved nothing.</param>
/// <param name="Debt">What of a payment went to a debt agreement.</param>
/// <param name="Fees">What of a payment paid late fees.</param>
public sealed record CommandOutcome(long Position, Refusal? Refusal, Money Balance, Money Amount, Money Debt = default, Money Fees = default)
{
    public bool Accepted => Refusal is null;
}
