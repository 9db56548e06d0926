namespace AccountGrid.Domain.State;

/// <summary>What a debt agreement takes of an account's payments.</summary>
internal static class AccountDebt
{
    extension(AccountState account)
    {
        /// <summary>The share of a payment that goes to the debt, the payment being in the balance already. Zero where the account owes by bills.</summary>
        public Money DebtShareOf(Money payment) =>
            account.OwesByBill || account.Customer is not { Debt: { ShareBasisPoints: > 0, Left.Nano: > 0 } debt }
                ? Money.Zero
                : debt.ShareOf(payment, account.Balance);
    }
}
