using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>Commands of direct debit. What may be collected is decided here once more, at the log's time: a payment that came meanwhile is known.</summary>
internal static class DebitDecisions
{
    internal static Decision Decide(AccountState account, AccountCommand command, Policy? policy, long nowMs) => command switch
    {
        AnnounceDebit c when c.Amount <= Money.Zero || c.Amount > AccountDecisions.AmountMax => Decision.Refuse(
            RequestRefusals.AmountInvalid,
            $"amount: {c.Amount} is not more than 0 and at most {AccountDecisions.AmountMax}."),
        AnnounceDebit c => Announce(
            account, c, account.Calendar.DayOf(nowMs), account.Calendar.DayOf(policy?.AfterQuietHours(account.Calendar, nowMs) ?? nowMs)),
        CollectDebit c => Collect(account, c, nowMs),
        ReportDebitReturn c => new DebitReturned(c.Item, c.Code, c.Amount,
            c.DisputeDays <= 0 ? 0 : account.Calendar.StartOf(account.Calendar.DayOf(nowMs) + 1 + Math.Min(c.DisputeDays, DebitRules.DisputeDaysMax))),
        _ => throw new InvariantBrokenException($"No decision for command {command.GetType().Name}."),
    };

    /// <param name="givenDay">The day on which the notice leaves, quiet hours being over.</param>
    private static Decision Announce(AccountState account, AnnounceDebit c, int today, int givenDay) =>
        !DebitRules.IsInTime(givenDay, c.Day, c.NoticeDays) ? Decision.Refuse(DirectDebitRefusals.NotAnnounced,
            $"day: {Instants.DayToText(c.Day)} is not at least {c.NoticeDays} days after {Instants.DayToText(givenDay)}, on which the notice leaves.")
        : account.Customer!.AnnouncedDebits.Count(a => a.Day >= today) >= CustomerDecisions.PendingMax ? Decision.Refuse(
            BillingRefusals.PaymentTooManyPending, $"There are {CustomerDecisions.PendingMax} announced payments already.")
        : new DebitAnnounced(c.Item, c.Mandate, c.DueDay, c.Amount, c.Day);

    /// <summary>What is unpaid of what is due on a day; late fees are left out.</summary>
    internal static Money Owed(AccountState account, int dueDay) =>
        account.OwesByBill ? account.Customer!.Overdue.Book.Asked.Where(i => i.DueDay == dueDay).Select(i => i.Open).Sum() : Money.Zero;

    private static Decision Collect(AccountState account, CollectDebit c, long nowMs)
    {
        var (customer, today) = (account.Customer!, account.Calendar.DayOf(nowMs));
        if (c.ThroughDay < today || c.ThroughDay > today + DebitRules.WaitDaysMax)
        {
            return Decision.Refuse(DirectDebitRefusals.ThroughInvalid,
                $"through: {Instants.DayToText(c.ThroughDay)} is not within {DebitRules.WaitDaysMax} days from {Instants.DayToText(today)}.");
        }

        if (customer.PendingPayments.Count >= CustomerDecisions.PendingMax)
        {
            return Decision.Refuse(BillingRefusals.PaymentTooManyPending, $"There are {CustomerDecisions.PendingMax} announced payments already.");
        }

        var owed = Owed(account, c.DueDay);
        var announced = customer.AnnouncedDebits.Find(a => a.Item == c.Item && a.DueDay == c.DueDay && a.Day >= today).Amount;
        var choice = DebitRules.Choose(new DebitFacts
        {
            Owed = owed,
            Announced = announced,
            IsMandateActive = true,
            IsInFlight = customer.PendingPayments.Exists(p => p.Reference == c.Item),
            Holds = [.. customer.Holds.Select(h => h.Kind)],
            HasPlan = customer.Overdue.Plan.Count > 0,
            HasPromise = customer.Overdue.PromiseDay >= today,
        });
        return choice.Why is { } why ? Decision.Refuse(why, $"{why.Title} Due day {Instants.DayToText(c.DueDay)}.")
            : choice.Amount < c.Amount ? Decision.Refuse(DirectDebitRefusals.MoreThanOwed,
                $"amount: {c.Amount} is more than {choice.Amount}, which is what is unpaid of what is due on "
                    + $"{Instants.DayToText(c.DueDay)} or, where that is less, what was announced.")
            : new DebitCollected(c.Item, c.DueDay, c.Amount, account.Calendar.StartOf(c.ThroughDay + 1));
    }
}
