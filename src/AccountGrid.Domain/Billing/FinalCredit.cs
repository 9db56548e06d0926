using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Credit of a closed account that its bills leave: a person is asked to pay it out, once for what it is and anew where it grows.</summary>
internal static class FinalCredit
{
    internal static void Follow(FoldContext context, in Moment at)
    {
        var overdue = at.Customer.Overdue;
        if (!overdue.IsFinalBilled || overdue.Unbilled.Count > 0 || overdue.Book.Unasked > Money.Zero)
        {
            return;
        }

        var credit = Of(at);
        if (credit > overdue.PayOut)
        {
            CaseBook.Open(context, at, CaseKind.PayOut, amount: credit);
        }

        overdue.PayOut = credit;
    }

    /// <summary>What is paid out, in whole smallest units of the currency, never below zero.</summary>
    internal static Money Of(in Moment at) => MostOf(at.Account) is var most && most > Money.Zero ? most.RoundedDownTo(at.Policy.Digits) : Money.Zero;

    /// <summary>
    /// The most that can be paid out: the balance. After a final bill also what its rounding left out, less than a smallest unit, which no bill will ask for:
    /// else a whole one of what the bill says would be kept.
    /// </summary>
    internal static Money MostOf(AccountState account) =>
        account.Customer?.Overdue is { IsFinalBilled: true, Unbilled.Count: 0, Carried.Nano: > 0 } overdue
            ? account.Balance + overdue.Carried
            : account.Balance;
}
