using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>
/// Folds one partition's log, record by record, alone. Pure: state, record and the time written in the log decide everything. A record
/// either changes the state whole, or asks for closed days and has changed nothing.
/// </summary>
/// <param name="policies">The pack's version by family and local day; null, or a null answer, is no workflow.</param>
public sealed partial class PartitionFold(PartitionState state, Func<int, Tariff> tariffs, Func<int, int, Policy?>? policies = null)
{
    private long _position;
    private int _sequence;

    /// <summary>What the command's own entry moved so far.</summary>
    private Money _moved;
    private Effects _effects = new();

    /// <summary>The command is a payment that was announced: it stops nothing any more.</summary>
    private bool _hasAnnouncedCome;

    // What was last looked at; only ever says whether something is in the closed days, so it is no state.
    private LookedDays _looked = new();

    public PartitionState State { get; } = state;

    /// <summary>Folds one reading. Null when done; else what must be there first.</summary>
    /// <param name="position">The record's position; it must be the state's next.</param>
    /// <param name="nowMs">Time written in the log with it, UTC ms.</param>
    public DaysNeeded? Apply(in Reading reading, long position, long nowMs, Effects effects)
    {
        Begin(position, nowMs, effects);
        if (TakePlain(reading))
        {
            return Done();
        }

        if (Route(reading, out var meter) is { } forwardTo)
        {
            Forward(reading, forwardTo);
        }
        else if (meter is not null)
        {
            if (reading.Register != RegisterKind.Import)
            {
                TakeSide(meter, reading);
            }
            else if (Take(meter, reading) is { } needed)
            {
                return needed;
            }
        }

        return Done();
    }

    /// <summary>Folds one command. Null when done; else what must be there first.</summary>
    public DaysNeeded? Apply(GridCommand command, long position, long nowMs, Effects effects)
    {
        Begin(position, nowMs, effects);
        return Execute(command) ?? Done();
    }

    /// <summary>Passes a record over without effect: one that was set aside as poison.</summary>
    /// <param name="check">What the record is, if it is that: its accounts are due again later and not at once, the one that it must be about the next day.</param>
    public void Skip(long position, long nowMs, Check? check = null)
    {
        Begin(position, nowMs, _effects);
        foreach (var number in check?.Accounts ?? [])
        {
            AccountState? account;
            try
            {
                account = State.FindAccount(number);
            }
            catch (Exception e) when (e is FormatException or InvariantBrokenException or OverflowException)
            {
                // Perhaps this is why the check was set aside: what is passed over must pass.
                continue;
            }

            if (account is not null)
            {
                account.DueAtMs = check!.AtMs + (check.Accounts.Count == 1 ? Instants.MsPerDay : Instants.MsPerHour);
                State.Schedule(account, account.DueAtMs);
                State.Touch(account, position);
            }
        }

        Done();
    }

    private DaysNeeded? Execute(GridCommand command)
    {
        switch (command)
        {
            case ReleaseCut c:
                Release(c);
                return null;
            case ReportRelay c:
                TakeRelayReport(c);
                return null;
            case ConfirmNotice c:
                Compare(c);
                return null;
            case AccountCommand c:
                Decide(c);
                return null;
            case InstallMeter c:
                Install(c);
                return null;
            case ReleaseMeter c:
                return Release(c);
            case ReceiveMeter c:
                return Receive(c);
            case ExchangeMeter c:
                return Exchange(c);
            case Check c:
                foreach (var account in c.Accounts)
                {
                    CheckAccount(account, c.AtMs);
                }

                return null;
            default:
                throw new InvariantBrokenException($"No fold of command {command.GetType().Name}.");
        }
    }

    private void Decide(AccountCommand command)
    {
        var account = State.FindAccount(command.Account);
        var tariff = command switch
        {
            OpenAccount c => TariffOrNull(c.Tariff),
            ChangeTariff c => TariffOrNull(c.Tariff),
            _ => null,
        };
        var decision = AccountDecisions.Decide(account, command, tariff, PolicyFor(account, command), State.NowMs);
        if (decision.Event is not { } happened)
        {
            Refuse(decision.Refusal!, account);
            return;
        }

        if (account is null)
        {
            account = new AccountState(command.Account, tariffs);
            State.Add(account);
        }

        Carry(account, happened);
        if (happened is AccountOpened || (happened is TariffChanged && !Faults.Sabotage.ForgetStanding))
        {
            ScheduleStanding(account);
        }

        Settle(account);
        Accept(account);
    }

    private Policy? PolicyFor(AccountState? account, AccountCommand command) => (account, command) switch
    {
        (null, _) => null,
        (_, SetCustomer c) => c.PolicyFamily > 0 ? policies?.Invoke(c.PolicyFamily, account.Calendar.DayOf(State.NowMs)) : null,
        _ => PolicyOf(account, State.NowMs),
    };

    /// <summary>Carries an event into the account, with what follows from it: days that are over are counted before it, workflows brought up after it.</summary>
    private void Carry(AccountState account, AccountEvent happened)
    {
        if (account.Customer is { } customer && PolicyOf(account, State.NowMs) is { } policy)
        {
            var today = account.Calendar.DayOf(State.NowMs);
            TakeFees(new Moment(account, customer, policy, State.NowMs, today), today - 1);
        }

        var before = account.Customer is { } known ? (known.Class, known.Traits, known.PolicyFamily) : default((CustomerClass, CustomerTraits, int)?);
        var wasProtected = account.Household.Protected;
        var closed = happened is HouseholdChanged rehoused ? account.ClosedParts(rehoused.FromDay) : default;
        AccountDecisions.Apply(account, happened, _position, State.NowMs);
        Happened(account, happened);
        WriteEntry(account, happened);
        if (happened is AccountClosed end)
        {
            StandThrough(account, end.LastDay);
        }

        Post(account, happened);
        switch (happened)
        {
            case ModeSwitched or AccountClosed when account.Customer is { } of && PolicyOf(account, State.NowMs) is { } now:
                ChangeBilling(new Moment(account, of, now, State.NowMs, account.Calendar.DayOf(State.NowMs)), happened);
                break;
            case HouseholdChanged e:
                account.Rebook(e.FromDay);
                var rebooked = account.ClosedParts(e.FromDay) - closed;
                AddCharge(account, EntryKind.Correction, e.FromDay, 0, rebooked);
                AddToBill(account, e.FromDay, Energy.Zero, rebooked, isCorrection: true);
                if (wasProtected && !e.Protected)
                {
                    EndProtection(account, "The household is not protected any more.");
                }

                break;
            case RestoreOrdered e:
                RestoreByHand(account, e);
                break;
            case CustomerSet e:
                BeginCustomer(account);
                Unprotect(account, before, e);
                break;
            case HoldLifted { Kind: HoldKind.OrderedRestore } when account.Customer is { } held && PolicyOf(account, State.NowMs) is { } over:
                EndOrderedRestore(new Moment(account, held, over, State.NowMs, account.Calendar.DayOf(State.NowMs)));
                break;
            case HoldLifted { Kind: not HoldKind.Weather }:
                EndProtection(account, "A hold was lifted.");
                break;
            case PlanAgreed:
                account.Customer!.Overdue.PlanPosition = _position;
                break;
            case PlanCancelled:
                EndProtection(account, "A plan was cancelled.");
                break;
            case ContactRecorded { CaseId: { } id } e:
                _effects.ClosedCases.Add(new ClosedCaseEffect(id, e.By, e.Note is null ? e.Outcome : $"{e.Outcome}: {e.Note}", State.NowMs));
                break;
            case CaseClosed e:
                _effects.ClosedCases.Add(new ClosedCaseEffect(e.CaseId, e.By, e.Outcome, State.NowMs));
                break;
        }

        account.Recharge();
        Advance(account, State.NowMs);
    }

    private void WriteEntry(AccountState account, AccountEvent happened)
    {
        (EntryKind Kind, long Nano, long Corrects, string? Reference)? entry = happened switch
        {
            PaymentTaken e => (EntryKind.Payment, e.AmountNano, 0, e.Reference),
            PaymentReversed e => (EntryKind.Reversal, -e.AmountNano, e.PaymentPosition, e.Reason),
            RefundPaid e => (EntryKind.Refund, -e.AmountNano, 0, e.Reason),
            BalanceAdjusted e => (EntryKind.Adjustment, e.AmountNano, e.CorrectsPosition ?? 0, e.Reason),
            FeesWaived e => (EntryKind.Waiver, e.AmountNano, 0, e.Reason),
            DebtMoved e => (EntryKind.DebtMoved, e.AmountNano, 0, e.Reason),
            ModeSwitched { MovedNano: > 0 } e => (EntryKind.DebtMoved, e.MovedNano, 0, e.ConsentReference),
            WrittenOff e => (EntryKind.WriteOff, e.AmountNano, 0, e.Reason),
            _ => null,
        };
        if (entry is { } line)
        {
            _moved += new Money(line.Nano);
            _effects.Entries.Add(new LedgerEntry(_position, _sequence++, account.Number, line.Kind, new Money(line.Nano), account.LedgerBalance, State.NowMs, 0, line.Corrects, default, line.Reference));
        }
    }

    /// <summary>The end of whatever changed an account: charge, levels, next check, version.</summary>
    private void Settle(AccountState account)
    {
        account.Recharge();
        State.Touch(account, _position);
        if (_isReceiving)
        {
            return;
        }

        var balance = account.Balance;
        if (account.Levels.Crossed(balance, out var level))
        {
            Warn(account, level, balance);
        }

        if (account.Customer is not null)
        {
            FollowBalance(account, State.NowMs);
        }
    }

    private Tariff? TariffOrNull(int number) => number > 0 ? tariffs(number) : null;

    private void Begin(long position, long nowMs, Effects effects)
    {
        Invariant.Holds(position == State.Position, $"Partition {State.Partition} was given position {position} but stands at {State.Position}.");
        _position = position;
        _sequence = 0;
        _moved = default;
        _hasAnnouncedCome = false;
        _effects = effects;
        State.NowMs = Math.Max(State.NowMs, nowMs);
    }

    private DaysNeeded? Done()
    {
        State.Position = _position + 1;
        return null;
    }

    private void Accept(AccountState? account) => _effects.Outcomes.Add(new CommandOutcome(_position, null, account?.Balance ?? default, _moved));

    private void Refuse(Refusal refusal, AccountState? account) => _effects.Outcomes.Add(new CommandOutcome(_position, refusal, account?.Balance ?? default, default));

    private void Refuse(string code, string detail, AccountState? account = null) => Refuse(new Refusal(code, detail), account);

    private void Happened(AccountState account, AccountEvent happened) =>
        _effects.Events.Add(new EventEffect(_position, _sequence++, account.Number, State.NowMs, happened));
}
