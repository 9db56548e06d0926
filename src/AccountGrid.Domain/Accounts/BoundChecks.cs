using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>Refusals of what would pass a bound of <see cref="AccountBounds"/>.</summary>
public static class BoundChecks
{
    /// <summary>
    /// The refusal of an amount that would pass a bound, credit positive; null where it passes none, or brings the account back towards zero.
    /// </summary>
    /// <param name="field">The command's field that has the amount.</param>
    public static Decision? Refuse(AccountState account, Money amount, string field = "amount")
    {
        var (balance, ledger, debt) =
            ((Int128)account.Balance.Nano + amount.Nano, (Int128)account.LedgerBalance.Nano + amount.Nano, (Int128)(account.Customer?.Debt.Left.Nano ?? 0));
        if (amount.IsNegative)
        {
            return Int128.Min(balance, ledger) - debt >= -AccountBounds.MaxNano
                ? default(Decision?)
                : Limit(field, amount, debt == 0 ? "a balance of" : "a balance, less the debt, of", -AccountBounds.MaxNano);
        }

        if (Int128.Max(balance, ledger) > AccountBounds.MaxNano)
        {
            return Limit(field, amount, "a balance of", AccountBounds.MaxNano);
        }

        return account.Customer is { Overdue: var overdue }
            && (Int128)Money.Max(overdue.Book.Advance, overdue.Credited).Nano + amount.Nano > AccountBounds.CreditedMaxNano
            ? Limit(field, amount, "between two bills, credits of", AccountBounds.CreditedMaxNano)
            : default(Decision?);
    }

    /// <summary>The refusal of what charges would grow by; null where it fits, or where they become less.</summary>
    public static Decision? Refuse(AccountState account, WideMoney charge, string field) =>
        charge <= WideMoney.Zero ? default(Decision?) : Refuse(account, charge.IsMoney ? -charge.ToMoney() : new Money(-long.MaxValue), field);

    /// <summary>The refusal of what a debt would grow by; null where it fits.</summary>
    public static Decision? RefuseDebt(AccountState account, Money amount, string field = "amount") =>
        (Int128)(account.Customer?.Debt.Left.Nano ?? 0) + amount.Nano <= AccountBounds.MaxNano
            ? default(Decision?)
            : Limit(field, amount, "a debt of", AccountBounds.MaxNano);

    private static Decision Limit(string field, Money amount, string what, long limitNano) =>
        Decision.Refuse(AccountRefusals.Limit, $"{field}: {amount} would take the account beyond what it can hold: {what} {new Money(limitNano)}.");
}
