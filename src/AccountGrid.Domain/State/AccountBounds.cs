namespace AccountGrid.Domain.State;

/// <summary>
/// What an account can hold. What is summed over its life has no bound (<see cref="WideMoney"/>); its balance, what it owes with its debt, and what one bill
/// sums do, so that each is a <see cref="Money"/> with room for what a single record can still add. A command that would pass a bound is refused
/// with <c>account.limit</c>; a reading that comes when one is passed is not applied and is an exception with the code <c>reading.account_limit</c>: the
/// register's next reading has its energy too. (Source: the range of <see cref="Money"/>.)
/// </summary>
public static class AccountBounds
{
    /// <summary>Largest balance, on either side of zero, largest debt, and most that is charged and not billed yet: six billion units.</summary>
    public const long MaxNano = 6_000_000_000 * Money.NanoPerUnit;

    /// <summary>Most that is credited between two bills, and most credit that no item has used: eight billion units.</summary>
    public const long CreditedMaxNano = 8_000_000_000 * Money.NanoPerUnit;

    /// <summary>
    /// The balance down to which readings and days are charged. Below it stands what is owed with the debt at its bound, or what is charged and not billed.
    /// </summary>
    public static Money FloorOf(AccountState account)
    {
        Int128 balance = account.Balance.Nano, debt = account.Customer?.Debt.Left.Nano ?? 0;
        return Clamp(Int128.Max(debt - MaxNano, balance - MaxNano + UnbilledNano(account)));
    }

    /// <summary>
    /// The balance up to which readings are charged, which prices below zero raise: the largest that an account can have, or less where as much is credited
    /// and not billed.
    /// </summary>
    public static Money CeilingOf(AccountState account) => Clamp(Int128.Min(MaxNano, (Int128)account.Balance.Nano + MaxNano + UnbilledNano(account)));

    /// <summary>Whether nothing more is charged to the account until something is paid or billed.</summary>
    public static bool IsReached(AccountState account) => account.Balance < FloorOf(account);

    /// <summary>Whether no reading is charged: a bound is reached on the one side or, by prices below zero, on the other.</summary>
    public static bool IsReachedByReadings(AccountState account) => IsReached(account) || account.Balance > CeilingOf(account);

    /// <summary>What is charged and not billed; below zero where prices were.</summary>
    private static Int128 UnbilledNano(AccountState account)
    {
        Int128 unbilled = 0;
        foreach (var period in account.Periods)
        {
            unbilled += period.Charge.Nano - period.Booked.Nano;
        }

        if (account.Customer is { } customer)
        {
            foreach (var month in customer.Overdue.Unbilled)
            {
                unbilled += month.Total.Nano;
            }
        }

        return unbilled;
    }

    private static Money Clamp(Int128 nano) => new((long)Int128.Clamp(nano, long.MinValue, long.MaxValue));
}
