using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// Accounts of the company's own books: what can be asked of them, and how money goes between them and customers' accounts. A transfer leaves one account and
/// is a payment on the other; it is appended to the other's log in the transaction that writes what the first record led to, so it comes exactly once.
/// </summary>
internal static class InternalAccounts
{
    /// <summary>The refusal of a command that is not for this kind of account; null where it is.</summary>
    internal static Decision? RefuseKind(AccountState account, AccountCommand command)
    {
        var isOwn = command is TransferMoney or ReturnTransfer or SetFloatTerms or MoveInternal;
        return isOwn == account.Internal is not null
            ? default(Decision?)
            : isOwn
            ? Decision.Refuse(AccountRefusals.NotInternal, $"Account number {account.Number} is a customer's account.")
            : Decision.Refuse(
                AccountRefusals.Internal,
                $"Account number {account.Number} is a {(account.Internal!.Kind == AccountKind.Float ? "float" : "suspense")} account.");
    }

    /// <summary>What is asked of a float or suspense account leads to.</summary>
    internal static Decision Decide(AccountState account, AccountCommand command) => command switch
    {
        TransferMoney c => Transfer(account, c),
        ReturnTransfer c => new TransferReturned(c.Amount, c.Commission, c.Reference, c.Reason, c.IsRefused),
        MoveInternal c => Move(account, c),
        SetFloatTerms c => SetTerms(account, c),
        _ => throw new InvariantBrokenException($"No decision about {command.GetType().Name} for a float or suspense account."),
    };

    /// <summary>A transfer that reaches a customer's account; null where nothing speaks against it as a payment.</summary>
    internal static Decision? RefuseReceived(AccountState account, ReceiveTransfer c) =>
        account.CurrentTariff.Definition.Currency is var currency && currency == c.Currency
            ? default(Decision?)
            : Decision.Refuse(PaymentChannelRefusals.CurrencyDiffers, $"currency: {c.Currency} is not {currency}, the account's.");

    private static Decision Transfer(AccountState account, TransferMoney c)
    {
        var own = account.Internal!;
        var (amount, left) = (c.Amount, own.Available(account.Balance));
        return amount <= left ? new MoneyTransferred(c)
            : own.Kind == AccountKind.Float
            ? Decision.Refuse(AgentRefusals.FloatExhausted, $"amount: {amount} is more than {left}, what is left of the float.")
            : Decision.Refuse(AgentRefusals.SuspenseShort, $"amount: {amount} is more than {left}, what the suspense account holds.");
    }

    private static Decision Move(AccountState account, MoveInternal c)
    {
        if (c.Amount == Money.Zero || c.Amount < -AccountDecisions.AmountMax || c.Amount > AccountDecisions.AmountMax)
        {
            return Decision.Refuse(
                RequestRefusals.AmountInvalid,
                $"amount: {c.Amount} is zero, or more than {AccountDecisions.AmountMax} in or out.");
        }

        var held = account.Balance.IsNegative ? Money.Zero : account.Balance;
        return -c.Amount > held
            ? Decision.Refuse(AgentRefusals.WithdrawalExceeds, $"amount: {-c.Amount} is more than {held}, what the account holds.")
            : BoundChecks.Refuse(account, c.Amount) ?? new InternalMoved(c.Amount, c.Reference, c.DecidedBy);
    }

    private static Decision SetTerms(AccountState account, SetFloatTerms c) =>
        account.Internal!.Kind != AccountKind.Float ? Decision.Refuse(AccountRefusals.Internal, $"Account number {account.Number} is not a float.")
        : c.Limit < Money.Zero || c.Limit > AccountDecisions.AmountMax
        ? Decision.Refuse(AgentRefusals.LimitInvalid, $"limit: {c.Limit} is not 0 to {AccountDecisions.AmountMax}.")
        : c.CommissionPpm is < 0 or > InternalAccount.CommissionMaxPpm
        ? Decision.Refuse(AgentRefusals.CommissionInvalid, $"commission: {c.CommissionPpm} millionths is not 0 to {InternalAccount.CommissionMaxPpm}.")
        : new FloatTermsSet(c.Limit ?? account.Internal.Limit, c.CommissionPpm ?? account.Internal.CommissionPpm, c.DecidedBy);

    /// <summary>What a transfer brings: the agent's commission, and the record for the other account; a reversed sale goes back to its float.</summary>
    internal static void Follow(FoldContext context, AccountState account, AccountEvent happened)
    {
        switch (happened)
        {
            case MoneyTransferred { Transfer: var c }:
                var commission = account.Internal!.CommissionOf(
                    c.Amount, Currencies.DigitsOf(account.CurrentTariff.Definition.Currency)!.Value);
                Earn(context, account, commission, c.Reference);
                var received = ReceiveTransfer.Of(c, account.Internal.Kind, context.State.Partition, commission);
                context.Effects.Transfers.Add(
                    new TransferEffect(context.Position, c.ToPartition, 1, LogRecords.Encode(context.NowMs, received), c.Key, received.Hash()));
                break;
            case TransferReturned e:
                Earn(context, account, -e.Commission, e.Reference);
                break;
            case PaymentReversed { ReturnTo: { } to } e when !Faults.Sabotage.KeepSales:
                Return(context, to, e.Amount, null, e.Reason, isRefused: false);
                break;
        }
    }

    /// <summary>A transfer that is refused goes back to where it came from.</summary>
    internal static void SendBack(FoldContext context, AccountCommand command, Refusal refusal)
    {
        if (command is ReceiveTransfer c)
        {
            Return(context, c.From, c.Amount, c.Reference, refusal.Code.Text, isRefused: true);
        }
    }

    private static void Earn(FoldContext context, AccountState account, Money amount, string? reference)
    {
        if (amount != Money.Zero)
        {
            var earned = new CommissionEarned(amount, reference);
            context.Emit(account, earned);
            LedgerEntries.Write(context, account, earned);
        }
    }

    private static void Return(FoldContext context, TransferSource to, Money amount, string? reference, string? reason, bool isRefused)
    {
        var back = new ReturnTransfer(to.Account, amount, to.Commission, reference, reason, isRefused);
        context.Effects.Transfers.Add(new TransferEffect(context.Position, to.Partition, 1, LogRecords.Encode(context.NowMs, back)));
    }
}
