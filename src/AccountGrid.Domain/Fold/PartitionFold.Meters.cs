using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>Meters: installed, released to another account, received from one, exchanged for another device.</summary>
public sealed partial class PartitionFold
{
    /// <summary>Points of a meter are being taken over: levels are looked at when all are there.</summary>
    private bool _isReceiving;

    private void Install(InstallMeter c)
    {
        AccountState? account = null;
        if (State.HasMeter(c.Meter))
        {
            Refuse("meter.exists", "The meter is installed already.");
            return;
        }

        if (c.Account != 0 && RefuseAccount(c.Account, out account))
        {
            return;
        }

        if (account is not null && IsBeforeOpening(account, c.FromMs))
        {
            Refuse("meter.before_account", $"installedAt: {Instants.ToText(c.FromMs)} is before {Instants.DayToText(account.OpenedDay)}, the account's first day; its energy until then is not the account's.", account);
            return;
        }

        PutMeter(new MeterState(c.Meter, 0) { Rating = c.Rating }, account, c.FromMs, c.RegisterWh);
        if (account is not null)
        {
            Happened(account, new MeterInstalled(c.Meter, c.FromMs, c.RegisterWh));
            Settle(account);
        }

        Accept(account);
    }

    private DaysNeeded? Release(ReleaseMeter c)
    {
        if (State.FindMeter(c.Meter) is not { UntilMs: long.MaxValue } meter)
        {
            Refuse("meter.not_here", "The meter has moved on; ask again.");
            return null;
        }

        var account = meter.Account;
        if (account?.Number == c.ToAccount)
        {
            Refuse("assignment.same_account", "The meter is on this account already.", account);
            return null;
        }

        if (c.AtMs <= meter.FromMs)
        {
            Refuse("assignment.too_early", $"at: {Instants.ToText(c.AtMs)} is not after {Instants.ToText(meter.FromMs)}, when the meter came to its present account.", account);
            return null;
        }

        return account is null ? ReleaseLoose(meter, c) : ReleaseFrom(account, meter, c);
    }

    private DaysNeeded? ReleaseLoose(MeterState meter, ReleaseMeter c)
    {
        if (c.AtMs < meter.Last.TimeMs || c.RegisterWh < meter.Last.ValueWh)
        {
            Refuse("assignment.before_last_reading", $"at, register: the meter's last reading is {meter.Last.ValueWh} Wh at {Instants.ToText(meter.Last.TimeMs)}; neither may lie before it.");
            return null;
        }

        if (c.RegisterWh is { } wh)
        {
            meter.Held += new Energy(wh - meter.Last.ValueWh);
            meter.Last = new Point(c.AtMs, wh, ReadingQuality.Manual);
        }

        State.DirtyLooseMeters.Add(meter);
        SendOn(meter, c, meter.Last.ValueWh, []);
        Accept(null);
        return null;
    }

    private DaysNeeded? ReleaseFrom(AccountState account, MeterState meter, ReleaseMeter c)
    {
        // Without a register the last known value ends the old account's time too: what comes late is judged against it and never charged twice.
        var needed = EndLine(account, meter, c.AtMs, c.RegisterWh, c.RegisterWh is null ? ReadingQuality.Estimated : ReadingQuality.Manual, "assignment", out var moved);
        if (needed is not null || moved is null)
        {
            return needed;
        }

        SendOn(meter, c, meter.Last.ValueWh, moved);
        Happened(account, new MeterReleased(c.Meter, c.AtMs, meter.Last.ValueWh, c.ToAccount));
        LeaveSupply(account, c.Meter, stays: true);
        Arrived(meter, account);
        Accept(account);
        return null;
    }

    /// <summary>Ends a meter's line on its account at an instant that may lie before readings that have come already.</summary>
    /// <param name="registerWh">Its register then; null is the last value known at that instant.</param>
    /// <param name="subject">What a refusal's code begins with.</param>
    /// <param name="moved">The points behind the instant; null where it was refused or closed days are needed.</param>
    private DaysNeeded? EndLine(AccountState account, MeterState meter, long atMs, long? registerWh, ReadingQuality quality, string subject, out List<Point>? moved)
    {
        moved = null;
        var day = account.Calendar.DayOfIntervalEnd(atMs);
        if (day < FirstChangeableDay(meter, account))
        {
            Refuse($"{subject}.too_late", $"at: {Instants.ToText(atMs)} lies in a period that can no longer change.", account);
            return null;
        }

        if (registerWh is not null && AccountBounds.IsReached(account))
        {
            Refuse("account.limit", $"register: the account owes {new Money(AccountBounds.MaxNano)} with its debt, or that much is charged and not billed: nothing more is charged until it is paid or billed.", account);
            return null;
        }

        if (atMs < meter.Tail.TimeMs)
        {
            return new DaysNeeded(meter, day, AndPrevious: true);
        }

        var old = PointsOf(meter);
        var cut = IndexAtOrAfter(old, atMs + 1);
        var points = old[..cut];
        var (before, counting) = (points[^1], LastCounting(points));
        if (before.TimeMs == atMs && registerWh is { } given && given != before.ValueWh)
        {
            Refuse($"{subject}.register_conflict", $"register: {given} Wh, but the meter's reading at that instant is {before.ValueWh} Wh.", account);
            return null;
        }

        var end = new Point(atMs, registerWh ?? counting.ValueWh, quality);
        if (subject == "exchange" && (BeforeEnd(meter, points, end) is not { } known || Validation.Judge(meter.Rating, known, end, out _) != VeeOutcome.Accepted))
        {
            Refuse("exchange.final_register", $"at, final: the meter's last reading before it is {counting.ValueWh} Wh at {Instants.ToText(counting.TimeMs)}; {end.ValueWh} Wh at {Instants.ToText(atMs)} cannot follow it.", account);
            return null;
        }

        if (before.TimeMs < atMs)
        {
            points.Add(end);
        }
        else if (!RegisterLine.Counts(before))
        {
            points[^1] = end;
        }

        if (Rebook(meter, account, old, points, points.Count - 1) is { } needed)
        {
            return needed;
        }

        moved = old[cut..];
        return null;
    }

    private void SendOn(MeterState meter, ReleaseMeter c, long registerWh, List<Point> moved)
    {
        meter.UntilMs = c.AtMs;
        meter.NextPartition = c.ToPartition;
        var points = moved.ConvertAll(p => new MovedPoint(p.TimeMs, p.ValueWh, p.Quality & ~ReadingQuality.PassedOver, p.Revision));
        var record = new ReceiveMeter(c.Meter, meter.Assignment + 1, c.ToAccount, meter.Rating, c.AtMs, registerWh, State.Partition, points);
        _effects.Transfers.Add(new TransferEffect(_position, c.ToPartition, 1, LogRecords.Encode(State.NowMs, record)));
    }

    private DaysNeeded? Receive(ReceiveMeter c)
    {
        var account = State.FindAccount(c.Account);
        if (account is not null && (account.Status == AccountStatus.Closed || IsBeforeOpening(account, c.FromMs)))
        {
            account = null;
        }

        var former = State.FindMeter(c.Meter);
        var meter = new MeterState(c.Meter, c.Assignment)
        {
            Rating = c.Rating,
            PreviousPartition = c.FromPartition,
            Former = former,
        };
        PutMeter(meter, account, c.FromMs, c.RegisterWh);

        // What comes with the meter is one step of the balance: the lowest level that it passes is told, once.
        _isReceiving = true;
        try
        {
            foreach (var p in c.Points)
            {
                var needed = Take(meter, new Reading(c.Meter, RegisterKind.Import, p.TimeMs, p.ValueWh, p.Quality, p.Revision));
                Invariant.Holds(needed is null, $"Meter {c.Meter} has just arrived and asks for closed days.");
            }
        }
        finally
        {
            _isReceiving = false;
        }

        if (account is not null)
        {
            Happened(account, new MeterInstalled(c.Meter, c.FromMs, c.RegisterWh));
            Settle(account);
        }

        Accept(account);
        return null;
    }

    private DaysNeeded? Exchange(ExchangeMeter c)
    {
        if (State.FindMeter(c.Meter) is not { UntilMs: long.MaxValue, Account: { } account } meter)
        {
            Refuse("meter.not_on_account", "The meter is not in use on an account.");
            return null;
        }

        if (State.HasMeter(c.NewMeter))
        {
            Refuse("meter.exists", "The new meter is installed already.", account);
            return null;
        }

        if (c.AtMs <= meter.FromMs)
        {
            Refuse("exchange.too_early", $"at: {Instants.ToText(c.AtMs)} is not after {Instants.ToText(meter.FromMs)}, when the meter came to its present account.", account);
            return null;
        }

        var needed = EndLine(account, meter, c.AtMs, c.FinalWh, ReadingQuality.Manual | ReadingQuality.MeterChanged, "exchange", out var late);
        if (needed is not null || late is null)
        {
            return needed;
        }

        // What the old device is said to have counted after it was taken out is what it would be if it came now.
        foreach (var p in late)
        {
            RaiseUnapplied(new Reading(c.Meter, RegisterKind.Import, p.TimeMs, p.ValueWh, p.Quality, p.Revision), account.Number, VeeOutcome.AfterRemoval, null);
        }

        Arrived(meter, account);
        meter.UntilMs = c.AtMs;
        PutMeter(new MeterState(c.NewMeter, 0) { Rating = c.NewRating }, account, c.AtMs, c.StartWh);
        Happened(account, new MeterExchanged(c.Meter, c.NewMeter, c.AtMs, c.FinalWh, c.StartWh));
        LeaveSupply(account, c.Meter, stays: false);
        Settle(account);
        Accept(account);
        return null;
    }

    private void PutMeter(MeterState meter, AccountState? account, long fromMs, long registerWh)
    {
        meter.Account = account;
        meter.FromMs = fromMs;
        meter.Tail = meter.Last = new Point(fromMs, registerWh);
        meter.Run = new Run(0, fromMs);
        meter.LastArrivalMs = State.NowMs;
        State.Put(meter);
        if (account is null)
        {
            State.DirtyLooseMeters.Add(meter);
        }
        else
        {
            account.Meters.Add(meter);
            State.Touch(account, _position);
        }

        _effects.Homes.Add(new HomeEffect(_position, meter.Number, account?.Number ?? 0, State.Partition));
    }

    /// <summary>An account pays for nothing from before its first day.</summary>
    private static bool IsBeforeOpening(AccountState account, long fromMs) => !Faults.Sabotage.BeforeOpening && fromMs < account.Calendar.StartOf(account.OpenedDay);

    private bool RefuseAccount(int number, out AccountState? account)
    {
        account = State.FindAccount(number);
        if (account is null)
        {
            Refuse("account.unknown", $"Account number {number} does not exist.");
            return true;
        }

        if (account.Status == AccountStatus.Closed)
        {
            Refuse("account.closed", "The account is closed.", account);
            return true;
        }

        if (account.Meters.Count >= Limits.MetersPerAccountMax)
        {
            Refuse("account.too_many_meters", $"The account has {account.Meters.Count} meters; at most {Limits.MetersPerAccountMax} fit.", account);
            return true;
        }

        return false;
    }
}
