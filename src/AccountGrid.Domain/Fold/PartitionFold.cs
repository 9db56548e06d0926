using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Fold;

/// <summary>
/// Folds one partition's log, record by record, alone. Pure: state, record and the time written in the log decide everything. A record
/// either changes the state whole, or asks for closed days and has changed nothing.
/// </summary>
public sealed class PartitionFold
{
    private readonly FoldContext _context;
    private readonly PlainReadings _plain;

    /// <param name="policies">The version of a pack by family and local day; null, or a null answer, is no workflow.</param>
    /// <param name="products">Makes sure that all versions of products are there that are known at a time in the log, UTC ms; null where they never
    /// change.</param>
    public PartitionFold(PartitionState state, Func<int, Tariff> tariffs, Func<int, int, Policy?>? policies = null, Action<long>? products = null)
    {
        State = state;
        _context = new FoldContext(state, tariffs, policies, products);
        _plain = new PlainReadings(state, tariffs);
    }

    public PartitionState State { get; }

    /// <summary>Readings that went the short way, since this fold began.</summary>
    public long PlainCount => _plain.Count;

    /// <summary>Folds one reading. Null when done; else what must be there first.</summary>
    /// <param name="position">The record's position; it must be the state's next.</param>
    /// <param name="nowMs">Time written in the log with it, UTC ms.</param>
    public DaysNeeded? Apply(in Reading reading, long position, long nowMs, Effects effects)
    {
        _context.Begin(position, nowMs, effects);
        if (_plain.Take(reading, position))
        {
            _context.Done();
            return null;
        }

        _context.CompleteProducts();
        return DoneUnless(ReadingRoute.Follow(_context, reading));
    }

    /// <summary>Folds one command. Null when done; else what must be there first.</summary>
    public DaysNeeded? Apply(GridCommand command, long position, long nowMs, Effects effects)
    {
        _context.Begin(position, nowMs, effects);
        _context.CompleteProducts();
        return DoneUnless(Execute(command));
    }

    /// <summary>Puts closed days back in memory: the meter is open again from the first of them on.</summary>
    /// <param name="rows">All closed days from the first needed one on, rising; none where nothing was measured since.</param>
    /// <param name="effects">Where what follows from it goes: what the record itself will be folded with.</param>
    public void Reopen(DaysNeeded needed, IReadOnlyList<DayRow> rows, Effects effects)
    {
        _context.Effects = effects;
        DayClosing.Reopen(_context, needed, rows);
    }

    /// <summary>Passes a record over without effect: one that cannot be folded.</summary>
    /// <param name="check">What the record is, if it is that: its accounts are due again later and not at once, the one that it must be about the next
    /// day.</param>
    public void Skip(long position, long nowMs, Check? check = null)
    {
        _context.Begin(position, nowMs, _context.Effects);
        foreach (var number in check?.Accounts ?? [])
        {
            AccountState? account;
            try
            {
                account = State.FindAccount(number);
            }
            catch (Exception e) when (e is FormatException or InvariantBrokenException or OverflowException)
            {
                // Perhaps this is why the check cannot be folded: what is passed over must pass.
                continue;
            }

            if (account is not null)
            {
                account.DueAtMs = check!.AtMs + (check.Accounts.Count == 1 ? Instants.MsPerDay : Instants.MsPerHour);
                State.Schedule(account, account.DueAtMs);
                State.Touch(account, position);
            }
        }

        _context.Done();
    }

    private DaysNeeded? DoneUnless(DaysNeeded? needed)
    {
        if (needed is null)
        {
            _context.Done();
        }

        return needed;
    }

    private DaysNeeded? Execute(GridCommand command)
    {
        switch (command)
        {
            case ReleaseCut c:
                if (Cuts.Release(_context, c) is { } released)
                {
                    Workflow.ScheduleNext(_context, released);
                    BalanceWatch.Settle(_context, released.Account);
                }

                return null;
            case ReportRelay c:
                if (RelayCommands.TakeReport(_context, c) is { } reported)
                {
                    Workflow.Advance(_context, reported, State.NowMs);
                    BalanceWatch.Settle(_context, reported);
                }

                return null;
            case ConfirmNotice c:
                NoticeComparison.Compare(_context, c);
                return null;
            case DecideReading c:
                return ReadingDecisions.Decide(_context, c);
            case EstimateReading c:
                return MeterEstimates.Estimate(_context, c);
            case SetMeterFacts c:
                return MeterFactChanges.Set(_context, c);
            case NotifyPrice c:
                PriceDecisions.Tell(_context, c);
                return null;
            case CorrectTariff c:
                return TariffCorrections.Correct(_context, c);
            case AccountCommand c:
                AccountTransitions.Decide(_context, c);
                return null;
            case InstallMeter c:
                MeterAssignments.Install(_context, c);
                return null;
            case ReleaseMeter c:
                return MeterAssignments.Release(_context, c);
            case ReceiveMeter c:
                return MeterAssignments.Receive(_context, c);
            case ExchangeMeter c:
                return MeterAssignments.Exchange(_context, c);
            case UsePrices c:
                PriceUpdates.Take(_context, c);
                return null;
            case Check c:
                return RunChecks(c);
            default:
                throw new InvariantBrokenException($"No fold of command {command.GetType().Name}.");
        }
    }

    private DaysNeeded? RunChecks(Check check)
    {
        if (PriceUpdates.Needed(_context, check.Accounts) is { } needed)
        {
            return needed;
        }

        foreach (var account in check.Accounts)
        {
            AccountCheck.Run(_context, account, check.AtMs);
        }

        return null;
    }
}
