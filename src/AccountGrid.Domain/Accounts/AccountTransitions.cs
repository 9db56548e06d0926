using System.Text.Json;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Accounts;

/// <summary>Commands to an account: decided, and their events carried into it with all that follows.</summary>
internal static class AccountTransitions
{
    internal static void Decide(FoldContext context, AccountCommand command)
    {
        var account = context.State.FindAccount(command.Account);
        var tariff = command switch
        {
            OpenAccount c => context.TariffOrNull(c.Tariff),
            ChangeTariff c => context.TariffOrNull(c.Tariff),
            _ => null,
        };
        CountDays(context, account, command);
        var decision = AccountDecisions.Decide(account, command, tariff, PolicyFor(context, account, command), context.NowMs);
        if (decision.Event is not { } happened)
        {
            if (account is not null)
            {
                BalanceWatch.Settle(context, account);
            }

            InternalAccounts.SendBack(context, command, decision.Refusal!);
            context.Refuse(decision.Refusal!, account);
            return;
        }

        if (account is null)
        {
            account = new AccountState(command.Account, context.Tariffs);
            context.State.Add(account);
        }

        Carry(context, account, happened);
        if (happened is AccountOpened { Kind: AccountKind.Customer } || (happened is TariffChanged && !Faults.Sabotage.ForgetStanding))
        {
            StandingCharges.Schedule(context, account);
        }

        BalanceWatch.Settle(context, account);
        context.Accept(account);
    }

    /// <summary>
    /// Days that are over are counted before anything is decided: what is moved, paid back or compared with what is owed must not leave a late fee out. A
    /// change of the mode, or of the contracted capacity, also waits for the standing charges until today.
    /// </summary>
    private static void CountDays(FoldContext context, AccountState? account, AccountCommand command)
    {
        if (account is null || context.MomentOf(account) is not { } at)
        {
            return;
        }

        if (command is SwitchMode or SetContractedCapacity)
        {
            StandingCharges.Take(context, account, at.Ms);
        }

        LateFees.Take(context, at, at.Today - 1);
    }

    private static Policy? PolicyFor(FoldContext context, AccountState? account, AccountCommand command) => (account, command) switch
    {
        (null, _) => null,
        (_, SetCustomer c) => c.PolicyFamily > 0 ? context.PolicyOn(c.PolicyFamily, account.Calendar.DayOf(context.NowMs)) : null,
        _ => context.PolicyOf(account, context.NowMs),
    };

    /// <summary>
    /// Carries an event into the account, with what follows from it; workflows are brought up after it.
    /// </summary>
    private static void Carry(FoldContext context, AccountState account, AccountEvent happened)
    {
        var before = new Before(
            account.Customer is { } known ? (known.Class, known.Traits, known.PolicyFamily) : null,
            account.Household.Protected,
            happened is HouseholdChanged rehoused ? account.ClosedParts(rehoused.FromDay) : default,
            happened is ComplaintResolved decided ? CaseOf(account, decided.ComplaintId) : null,
            ItemPosting.Behind(account, happened));
        context.HasAnnouncedCome = happened is PaymentTaken paid && account.Customer?.PendingPayments.Exists(p => paid.Ends(p.Reference)) == true;
        context.Emit(account, happened);
        LedgerEntries.Write(context, account, happened);
        if (happened is AccountClosed end)
        {
            StandingCharges.TakeThrough(context, account, end.LastDay);
        }
        else if (happened is ContractedCapacitySet contracted)
        {
            if (account.Contracted[0].FromDay == contracted.FromDay
                || account.ContractOn(contracted.FromDay - 1).Unit != account.ContractOn(contracted.FromDay).Unit)
            {
                TwoPartBooking.Resolve(context, account, contracted.FromDay);
            }

            var charged = account.Charged;
            StandingCharges.Recount(context, account, contracted.FromDay, contracted.Reason);
            TariffCorrections.KeepFromCut(context, account, account.Charged - charged, "The contracted capacity was set from a past day.");
        }

        ItemPosting.Follow(context, account, happened, before.TakenBack);
        InternalAccounts.Follow(context, account, happened);
        Follow(context, account, happened, before);
        account.Recharge();
        Workflow.Advance(context, account, context.NowMs);
    }

    /// <summary>What an event brings beside its own change of the state.</summary>
    private static void Follow(FoldContext context, AccountState account, AccountEvent happened, in Before before)
    {
        switch (happened)
        {
            case ModeSwitched or AccountClosed when context.MomentOf(account) is { } now:
                ItemPosting.ChangeBilling(context, now, happened);
                break;
            case HouseholdChanged e:
                account.Rebook(e.FromDay);
                var rebooked = account.ClosedParts(e.FromDay) - before.Closed;
                context.EnterCharge(account, EntryKind.Correction, e.FromDay, 0, rebooked);
                BillPeriods.Add(context, account, e.FromDay, Energy.Zero, rebooked, isCorrection: true);
                if (before.IsProtected && !e.Protected)
                {
                    Waits.EndProtection(context, account, "The household is not protected any more.");
                }

                break;
            case SurveyAsked e when context.MomentOf(account) is { } asked:
                Ask(context, asked, e);
                break;
            case DebitAnnounced e when context.MomentOf(account) is { } announced:
                Announce(context, announced, e);
                break;
            case DebitReturned e when context.MomentOf(account) is { } returned:
                CaseBook.Open(context, returned, CaseKind.DebitReturned, e.Item, amount: e.Amount);
                Waits.EndProtection(context, returned, "A direct debit came back.");
                break;
            case ComplaintFiled e when context.MomentOf(account) is { } filed:
                var clocks = ComplaintClocks.Of(filed.Today, filed.Policy);
                CaseBook.Open(context, filed, CaseKind.Complaint, e.ComplaintId, clocks.AnswerDay);
                break;
            case ComplaintResolved e:
                Resolve(context, account, e, before.ComplaintCase);
                break;
            case RestoreOrdered e:
                Restores.ByHand(context, account, e);
                break;
            case CustomerSet e:
                ItemPosting.BeginCustomer(context, account);
                Waits.Unprotect(context, account, before.Customer, e);
                break;
            case HoldLifted { Kind: HoldKind.OrderedRestore } when context.MomentOf(account) is { } over:
                Waits.EndOrderedRestore(context, over);
                break;
            case HoldLifted { Kind: not HoldKind.Weather }:
                Waits.EndProtection(context, account, "A hold was lifted.");
                break;
            case PlanCancelled:
                Waits.EndProtection(context, account, "A plan was cancelled.");
                break;
            case ContactRecorded { CaseId: { } id } e:
                context.Effects.ClosedCases.Add(new ClosedCaseEffect(id, e.By, e.Note is null ? e.Outcome : $"{e.Outcome}: {e.Note}", context.NowMs));
                break;
            case CaseClosed e:
                context.Effects.ClosedCases.Add(new ClosedCaseEffect(e.CaseId, e.By, e.Outcome, context.NowMs));
                break;
        }
    }

    private static string? CaseOf(AccountState account, string complaintId) => account.Customer!.Cases
        .Where(c => c.Kind == CaseKind.Complaint && c.NoticeId == complaintId).Select(c => c.IdOf(account.Number)).FirstOrDefault();

    /// <summary>Its delivery is proof of nothing, so it names no pack.</summary>
    private static void Ask(FoldContext context, in Moment at, SurveyAsked e) =>
        NoticeWriter.Give(context, at, NoticeKind.Survey, NoticeWriter.FactsOf(context, at) with
        {
            Policy = null,
            SurveyId = e.SurveyId,
            Occasion = JsonNamingPolicy.CamelCase.ConvertName(e.Occasion.ToString()),
        });

    /// <summary>Gives notice of a collection.</summary>
    private static void Announce(FoldContext context, in Moment at, DebitAnnounced e)
    {
        NoticeWriter.Give(context, at, NoticeKind.DirectDebit, NoticeWriter.FactsOf(context, at) with
        {
            Amount = e.Amount.ToString(),
            DueDay = Instants.DayToText(e.Day),
            Mandate = e.Mandate,
        });
    }

    /// <summary>The complaint's case is closed with it; where a grievance ends, escalation begins with a new wait.</summary>
    private static void Resolve(FoldContext context, AccountState account, ComplaintResolved e, string? caseId)
    {
        if (caseId is not null)
        {
            context.Effects.ClosedCases.Add(new ClosedCaseEffect(caseId, e.By, e.Outcome.ToString(), context.NowMs));
        }

        if (e.Topic.IsGrievance() && account.Customer!.Holds.TrueForAll(h => h.Kind != HoldKind.Grievance))
        {
            Waits.EndProtection(context, account, "A grievance was decided.");
        }
    }

    /// <summary>What an account was before an event.</summary>
    /// <param name="Closed">What its closed days cost from the day on from which a household changes.</param>
    /// <param name="ComplaintCase">The case of the complaint that is decided.</param>
    /// <param name="TakenBack">What is taken back with it.</param>
    private readonly record struct Before(
        (CustomerClass Class, CustomerTraits Traits, int Family)? Customer, bool IsProtected, ChargeParts Closed, string? ComplaintCase,
        TakenBack TakenBack);
}
