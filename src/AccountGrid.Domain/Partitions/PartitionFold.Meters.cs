using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Metering;

namespace AccountGrid.Domain.Partitions;

/// <summary>Meters: installed, released to another account, received from one, exchanged for another device.</summary>
public sealed partial class PartitionFold
{
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
        var day = account.Calendar.DayOfIntervalEnd(c.AtMs);
        if (day < account.SettledBeforeDay || day < account.Calendar.DayOf(meter.Last.TimeMs) - Limits.ReopenMaxDays)
        {
            Refuse("assignment.too_late", $"at: {Instants.ToText(c.AtMs)} lies in a period that can no longer change.", account);
            return null;
        }

        if (c.AtMs < meter.Tail.TimeMs)
        {
            return new DaysNeeded(meter, account.Calendar.DayOfIntervalEnd(c.AtMs), AndPrevious: true);
        }

        var points = meter.Open.ToList();
        var cut = IndexAtOrAfter(points, c.AtMs + 1);
        var before = cut == 0 ? meter.Tail : points[cut - 1];
        if (before.TimeMs == c.AtMs && c.RegisterWh is { } given && given != before.ValueWh)
        {
            Refuse("assignment.register_conflict", $"register: {given} Wh, but the meter's reading at that instant is {before.ValueWh} Wh.", account);
            return null;
        }

        // Without a register the last known value ends the old account's time too: what comes late is judged against it and never charged twice.
        var adds = before.TimeMs < c.AtMs;
        var end = new Point(c.AtMs, c.RegisterWh ?? before.ValueWh, c.RegisterWh is null ? ReadingQuality.Estimated : ReadingQuality.Manual);
        if ((adds || cut < points.Count) && before.TimeMs < meter.ClosedEndMs)
        {
            return new DaysNeeded(meter, account.Calendar.DayOf(before.TimeMs), AndPrevious: false);
        }

        for (var i = cut; i < points.Count; i++)
        {
            Unbook(meter, account, i == 0 ? meter.Tail : points[i - 1], points[i]);
        }

        var moved = points[cut..];
        points.RemoveRange(cut, points.Count - cut);
        if (adds)
        {
            points.Add(Book(meter, account, before, end));
        }

        meter.Open = OpenPoints.From(meter.Tail, points);
        meter.Last = points.Count > 0 ? points[^1] : meter.Tail;
        SendOn(meter, c, meter.Last.ValueWh, moved);
        Happened(account, new MeterReleased(c.Meter, c.AtMs, meter.Last.ValueWh, c.ToAccount));
        LeaveSupply(account, c.Meter, stays: true);
        Arrived(meter, account);
        Accept(account);
        return null;
    }

    private void SendOn(MeterState meter, ReleaseMeter c, long registerWh, List<Point> moved)
    {
        meter.UntilMs = c.AtMs;
        meter.NextPartition = c.ToPartition;
        var points = moved.ConvertAll(p => new MovedPoint(p.TimeMs, p.ValueWh, p.Quality, p.Revision));
        var record = new ReceiveMeter(c.Meter, meter.Assignment + 1, c.ToAccount, meter.Rating, c.AtMs, registerWh, State.Partition, meter.Shape, points);
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
            Shape = c.Shape,
        };
        PutMeter(meter, account, c.FromMs, c.RegisterWh);
        foreach (var p in c.Points)
        {
            var reading = new Reading(c.Meter, RegisterKind.Import, p.TimeMs, p.ValueWh, p.Quality, p.Revision);
            var needed = Take(meter, reading);
            Invariant.Holds(needed is null, $"Meter {c.Meter} has just arrived and asks for closed days.");
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

        var final = new Point(c.AtMs, c.FinalWh, ReadingQuality.Manual | ReadingQuality.MeterChanged);
        var same = c.AtMs == meter.Last.TimeMs && c.FinalWh == meter.Last.ValueWh;
        if (!same && (c.AtMs <= meter.Last.TimeMs || Validation.Judge(meter.Rating, meter.Last, final, out _) != VeeOutcome.Accepted))
        {
            Refuse("exchange.final_register", $"at, final: the meter's last reading is {meter.Last.ValueWh} Wh at {Instants.ToText(meter.Last.TimeMs)}; {c.FinalWh} Wh at {Instants.ToText(c.AtMs)} cannot follow it.", account);
            return null;
        }

        if (!same && Append(meter, account, new Reading(c.Meter, RegisterKind.Import, c.AtMs, c.FinalWh, final.Quality, 0)) is { } needed)
        {
            return needed;
        }

        meter.UntilMs = c.AtMs;
        PutMeter(new MeterState(c.NewMeter, 0) { Rating = c.NewRating, Shape = meter.Shape }, account, c.AtMs, c.StartWh);
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
        meter.ZeroSinceMs = fromMs;
        meter.LastArrivalMs = State.NowMs;
        meter.ShapeNextDay = account?.Calendar.DayOf(fromMs) ?? int.MinValue;
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
    private static bool IsBeforeOpening(AccountState account, long fromMs) => fromMs < account.Calendar.StartOf(account.OpenedDay);

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
