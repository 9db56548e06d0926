namespace AccountGrid.Domain.State;

/// <summary>An account of the company's own books: an agent's float, or a payment channel's suspense. It has no meter, no bill and no workflow.</summary>
/// <param name="Kind">Float or suspense.</param>
/// <param name="Limit">How far below zero a float may stand, not negative; zero for suspense.</param>
/// <param name="CommissionPpm">What an agent keeps of a sale, millionths of the amount; zero for suspense.</param>
public sealed record InternalAccount(AccountKind Kind, Money Limit, int CommissionPpm)
{
    /// <summary>The most that a commission can be: a tenth of the amount, millionths.</summary>
    public const int CommissionMaxPpm = 100_000;

    /// <summary>What can be taken out of it now: a float down to its limit, suspense down to zero. Never negative.</summary>
    public Money Available(Money balance) => balance + Limit is var left && left.IsNegative ? Money.Zero : left;

    /// <summary>The agent's commission of a sale, to the smallest unit of the currency, halves away from zero.</summary>
    /// <param name="amount">More than zero.</param>
    /// <param name="digits">Decimals of the currency.</param>
    public Money CommissionOf(Money amount, int digits) => new Money((long)((Int128)amount.Nano * CommissionPpm / 1_000_000)).RoundedTo(digits);
}
