using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>Refusals of what would pass a bound of <see cref="AccountBounds"/>.</summary>
public static class BoundChecks
{
    /// <summary>
    /// The refusal of an amount that would pass a bound, credit positive; null where it passes none, or brings the account back towards zero.
    /// </summary>
    /// <param name="field">The command's field that has the amount.</param>
    public static Decision? Refuse(AccountState account, long nano, string field = "amount")
    {
        var (balance, ledger, debt) =
            ((Int128)account.Balance.Nano + nano, (Int128)account.LedgerBalance.Nano + nano, (Int128)(account.Customer?.Debt.Left.Nano ?? 0));
        if (nano < 0)
        {
            return Int128.Min(balance, ledger) - debt >= -AccountBounds.MaxNano
                ? default(Decision?)
                : Limit(field, nano, debt == 0 ? "a balance of" : "a balance, less the debt, of", -AccountBounds.MaxNano);
        }

        if (Int128.Max(balance, ledger) > AccountBounds.MaxNano)
        {
            return Limit(field, nano, "a balance of", AccountBounds.MaxNano);
        }

        return account.Customer is { Overdue: var overdue }
            && (Int128)Money.Max(overdue.Book.Advance, overdue.Credited).Nano + nano > AccountBounds.CreditedMaxNano
            ? Limit(field, nano, "between two bills, credits of", AccountBounds.CreditedMaxNano)
            : default(Decision?);
    }

    /// <summary>The refusal of what charges would grow by; null where it fits, or where they become less.</summary>
    public static Decision? Refuse(AccountState account, WideMoney charge, string field) =>
        charge <= WideMoney.Zero ? default(Decision?) : Refuse(account, charge.IsMoney ? -charge.ToMoney().Nano : -long.MaxValue, field);

    /// <summary>The refusal of what a debt would grow by; null where it fits.</summary>
    public static Decision? RefuseDebt(AccountState account, long nano, string field = "amount") =>
        (Int128)(account.Customer?.Debt.Left.Nano ?? 0) + nano <= AccountBounds.MaxNano
            ? default(Decision?)
            : Limit(field, nano, "a debt of", AccountBounds.MaxNano);

    private static Decision Limit(string field, long nano, string what, long limitNano) =>
        Decision.Refuse(AccountRefusals.Limit, $"{field}: {new Money(nano)} would take the account beyond what it can hold: {what} {new Money(limitNano)}.");
}
