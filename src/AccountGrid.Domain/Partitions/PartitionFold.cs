using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Partitions;

/// <summary>Closed days that a record touches and that must be put in memory before it can be folded.</summary>
/// <param name="FromDay">First day needed, and all later ones.</param>
/// <param name="AndPrevious">The nearest earlier day that holds a point, too.</param>
public sealed record DaysNeeded(MeterState Meter, int FromDay, bool AndPrevious);

/// <summary>
/// Folds one partition's log, record by record, alone. Pure: state, record and the time written in the log decide everything. A record
/// either changes the state whole, or asks for closed days and has changed nothing.
/// </summary>
public sealed partial class PartitionFold(PartitionState state, Func<int, Tariff> tariffs)
{
    private long _position;
    private int _sequence;
    private Effects _effects = new();

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
    public void Skip(long position, long nowMs)
    {
        Begin(position, nowMs, _effects);
        Done();
    }

    private DaysNeeded? Execute(GridCommand command)
    {
        switch (command)
        {
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
        var decision = AccountDecisions.Decide(account, command, tariff);
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

        AccountDecisions.Apply(account, happened, _position);
        Happened(account, happened);
        WriteEntry(account, happened);
        if (happened is AccountOpened or TariffChanged)
        {
            ScheduleStanding(account);
        }

        Settle(account);
        Accept(account);
    }

    private void WriteEntry(AccountState account, AccountEvent happened)
    {
        (EntryKind Kind, long Nano, long Corrects, string? Reference)? entry = happened switch
        {
            PaymentTaken e => (EntryKind.Payment, e.AmountNano, 0, e.Reference),
            PaymentReversed e => (EntryKind.Reversal, -e.AmountNano, e.PaymentPosition, e.Reason),
            RefundPaid e => (EntryKind.Refund, -e.AmountNano, 0, e.Reason),
            BalanceAdjusted e => (EntryKind.Adjustment, e.AmountNano, 0, e.Reason),
            _ => null,
        };
        if (entry is { } line)
        {
            _effects.Entries.Add(new LedgerEntry(_position, _sequence++, account.Number, line.Kind, new Money(line.Nano), account.LedgerBalance, State.NowMs, 0, line.Corrects, default, line.Reference));
        }
    }

    /// <summary>The end of whatever changed an account: charge, levels, next check, version.</summary>
    private void Settle(AccountState account)
    {
        account.Recharge();
        var balance = account.Balance;
        if (account.Levels.Crossed(balance, out var level))
        {
            var id = $"{account.Number}:low-balance:{account.Levels.Episode}";
            Happened(account, new BalanceLow(id, level.Nano, balance.Nano));
            _effects.Notices.Add(new NoticeEffect(id, account.Number, _position, State.NowMs, level, balance));
        }

        State.Touch(account, _position);
    }

    private Tariff? TariffOrNull(int number) => number > 0 ? tariffs(number) : null;

    private void Begin(long position, long nowMs, Effects effects)
    {
        Invariant.Holds(position == State.Position, $"Partition {State.Partition} was given position {position} but stands at {State.Position}.");
        _position = position;
        _sequence = 0;
        _effects = effects;
        State.NowMs = Math.Max(State.NowMs, nowMs);
    }

    private DaysNeeded? Done()
    {
        State.Position = _position + 1;
        return null;
    }

    private void Accept(AccountState? account) => _effects.Outcomes.Add(new CommandOutcome(_position, null, account?.Balance ?? default));

    private void Refuse(Refusal refusal, AccountState? account) => _effects.Outcomes.Add(new CommandOutcome(_position, refusal, account?.Balance ?? default));

    private void Refuse(string code, string detail, AccountState? account = null) => Refuse(new Refusal(code, detail), account);

    private void Happened(AccountState account, AccountEvent happened) =>
        _effects.Events.Add(new EventEffect(_position, _sequence++, account.Number, State.NowMs, happened));
}
