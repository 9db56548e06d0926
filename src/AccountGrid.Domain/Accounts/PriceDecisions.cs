using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>Whether a customer is told of a price: decided once more at the log's time, since it may have left the product meanwhile.</summary>
internal static class PriceDecisions
{
    /// <summary>
    /// Tells a customer, or refuses. Nothing of the account changes, so that none is unpacked, and no workflow is brought up: a million are told.
    /// </summary>
    internal static void Tell(FoldContext context, NotifyPrice command)
    {
        var account = context.State.PeekAccount(command.Account);
        var decision = account is null
            ? Decision.Refuse(AccountRefusals.Unknown, $"Account number {command.Account} does not exist.")
            : InternalAccounts.RefuseKind(account, command) ?? Decide(account, command, context.TariffOrNull(command.Tariff), context.NowMs);
        if (decision.Event is not PriceNotified told)
        {
            context.Refuse(decision.Refusal!, account);
            return;
        }

        context.Emit(account!, told);
        PriceNotices.Give(context, account!, told);
        if (!told.IsWithdrawal)
        {
            TwoPartBooking.NoteAhead(context, account!, context.Tariffs(told.Tariff));
        }

        context.Accept(account);
    }

    private static Decision Decide(AccountState account, NotifyPrice c, Tariff? version, long nowMs)
    {
        if (version is null)
        {
            return Decision.Refuse(TariffRefusals.Unknown, $"Tariff number {c.Tariff} does not exist.");
        }

        if (account.Status == AccountStatus.Closed)
        {
            return Decision.Refuse(AccountRefusals.Closed, "The account is closed.");
        }

        var d = version.Definition;
        if (c.IsWithdrawal)
        {
            return version.Product.IsWithdrawn(version, nowMs)
                ? new PriceNotified(c.Tariff, 0, IsWithdrawal: true)
                : Decision.Refuse(TariffRefusals.NotForAccount, $"Version {d.Version} of product {d.Id} was not withdrawn.");
        }

        return PriceNoticeRules.ReplacedBy(version, account, nowMs) is { } replaced
            ? new PriceNotified(c.Tariff, replaced.Number, Past: c.Past)
            : Decision.Refuse(TariffRefusals.NotForAccount,
                $"Version {d.Version} of product {d.Id} does not change the account's price{(d.EffectiveFrom is { } day ? $" on {day:yyyy-MM-dd}" : "")}.");
    }
}
