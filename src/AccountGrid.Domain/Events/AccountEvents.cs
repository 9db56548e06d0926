using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>Carries events into the state of their account: the one place where an event changes it. Trusts; every type of event has its line.</summary>
public static class AccountEvents
{
    /// <param name="position">Position of the record that the event follows from.</param>
    /// <param name="atMs">When it happened, UTC ms.</param>
    /// <param name="policy">The version of the account's pack that decides then; null where none does.</param>
    public static void Apply(AccountState account, AccountEvent happened, long position, long atMs, Policy? policy)
    {
        Change(account, happened, position, atMs, policy);
        ItemEvents.Apply(account, happened, position, atMs, policy);
    }

    private static void Change(AccountState account, AccountEvent happened, long position, long atMs, Policy? policy)
    {
        switch (happened)
        {
            case AccountOpened e:
                Open(account, e);
                break;
            case PaymentTaken e:
                Take(account, e, position, atMs);
                break;
            case PaymentReversed e:
                account.Credit -= e.Amount;
                account.TakeBack(e.PaymentPosition, e.Amount);
                break;
            case RefundPaid e:
                account.Credit -= e.Amount;
                Count(account, e.Amount, e.Approved, atMs);
                break;
            case BalanceAdjusted e:
                Adjust(account, e, position, atMs);
                break;
            case ReadingDecided e:
                Count(account, e.Charge, e.Approved, atMs);
                break;
            case MeterFactsSet e:
                Count(account, e.Charge, e.Approved, atMs);
                break;
            case TariffChanged e:
                ChangeTariff(account, e, atMs);
                break;
            case HouseholdChanged e:
                account.Rehouse(e.FromDay, new Household(e.HouseholdSize, e.Protected));
                break;
            case ContractedCapacitySet e:
                Contract(account, e, atMs);
                break;
            case AccountClosed:
                account.Status = AccountStatus.Closed;
                account.Customer?.Overdue.AskedByHand = false;
                break;
            case MoneyTransferred or TransferReturned or CommissionEarned or InternalMoved:
                account.Credit += InternalOf(happened);
                break;
            case FloatTermsSet e:
                account.Internal = account.Internal! with { Limit = e.Limit, CommissionPpm = e.CommissionPpm };
                break;
            case NoticeCompared when account.Customer is null:
            case MeterInstalled or MeterReleased or MeterExchanged or ReadingEstimated or BalanceLow or CutDecided or SurveyAsked or PriceNotified:
                // Nothing of the account itself: meters and levels are kept up reading by reading, a cut by its relay, surveys and prices by notices.
                break;
            default:
                CustomerEvents.Apply(account, happened, position, atMs, policy);
                break;
        }
    }

    /// <summary>What moves between accounts of the company's own books and others brings an account.</summary>
    private static Money InternalOf(AccountEvent happened) => happened switch
    {
        MoneyTransferred e => -e.Transfer.Amount,
        TransferReturned e => e.Amount,
        CommissionEarned e => e.Amount,
        InternalMoved e => e.Amount,
        _ => throw new InvariantBrokenException($"No amount for {happened.GetType().Name}."),
    };

    /// <summary>What one person moved counts towards what one person may move.</summary>
    internal static void Count(AccountState account, Money amount, bool approved, long atMs) =>
        account.Unapproved = approved ? account.Unapproved : account.Unapproved.With(account.Calendar.DayOf(atMs), amount);

    private static void Contract(AccountState account, ContractedCapacitySet e, long atMs)
    {
        account.Contract(e.FromDay, e.Milli, CapacityUnits.Of(e.Unit)!.Value);
        if (e.Corrected is { } recounted)
        {
            Count(account, recounted, e.Approved, atMs);
        }
    }

    /// <summary>A change ends what was agreed from its day on; one from a past day holds until the next agreement only.</summary>
    private static void ChangeTariff(AccountState account, TariffChanged e, long atMs)
    {
        account.Tariffs.RemoveAll(t => t.FromDay == e.FromDay || (t.FromDay > e.FromDay && e.Corrected is null));
        account.Tariffs.Insert(account.Tariffs.FindLastIndex(t => t.FromDay < e.FromDay) + 1, new TariffSpan(e.FromDay, e.Tariff, e.Follows));
        account.ForgetPlans();
        if (e.Corrected is { } corrected)
        {
            Count(account, corrected, e.Approved, atMs);
        }
    }

    private static void Open(AccountState account, AccountOpened e)
    {
        account.Mode = e.Mode;
        account.Household = new Household(e.HouseholdSize, e.Protected);
        account.OpenedDay = e.OpenedDay;
        if (e.ContractedMilli is > 0 and var milli)
        {
            account.Contract(e.OpenedDay, milli, CapacityUnits.Of(e.ContractedUnit)!.Value);
        }

        account.StandingThroughDay = e.OpenedDay - 1;
        account.Levels = LevelState.Unarmed(e.Levels);
        account.Tariffs.Add(new TariffSpan(e.OpenedDay, e.Tariff, e.Follows));
        account.Internal = e.Kind == AccountKind.Customer ? null : new InternalAccount(e.Kind, Money.Zero, 0);
    }

    private static void Take(AccountState account, PaymentTaken e, long position, long atMs)
    {
        account.Credit += e.Amount;
        account.Remember(new MoneyMovement(position, account.Calendar.DayOf(atMs), e.Amount, Money.Zero, IsAdjustment: false,
            e.From is { Kind: AccountKind.Float } ? e.From : null));
        account.Customer?.PendingPayments.RemoveAll(p => e.Ends(p.Reference));
    }

    private static void Adjust(AccountState account, BalanceAdjusted e, long position, long atMs)
    {
        account.Credit += e.Amount;
        Count(account, e.Amount, e.Approved, atMs);
        if (e.CorrectsPosition is { } corrected)
        {
            account.TakeBack(corrected, e.Amount.Abs());
        }
        else
        {
            account.Remember(new MoneyMovement(position, account.Calendar.DayOf(atMs), e.Amount, Money.Zero, IsAdjustment: true));
        }
    }
}
