using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Metering;

/// <summary>Meters: installed, released to another account, received from one, exchanged for another device.</summary>
internal static class MeterAssignments
{
    internal static void Install(FoldContext context, InstallMeter c)
    {
        AccountState? account = null;
        if (context.State.HasMeter(c.Meter))
        {
            context.Refuse(MeterRefusals.Exists, "The meter is installed already.");
            return;
        }

        if (c.Account != 0 && RefuseAccount(context, c.Account, out account))
        {
            return;
        }

        if (account is not null && IsBeforeOpening(account, c.FromMs))
        {
            context.Refuse(MeterRefusals.BeforeAccount,
                $"installedAt: {Instants.ToText(c.FromMs)} is before {Instants.DayToText(account.OpenedDay)}, the account's first day; its energy until "
                    + "then is not the account's.", account);
            return;
        }

        PutMeter(context, new MeterState(c.Meter, 0) { Rating = c.Rating }, account, c.FromMs, c.RegisterWh);
        if (account is not null)
        {
            context.Emit(account, new MeterInstalled(c.Meter, c.FromMs, c.RegisterWh));
            BalanceWatch.Settle(context, account);
        }

        context.Accept(account);
    }

    internal static DaysNeeded? Release(FoldContext context, ReleaseMeter c)
    {
        if (context.State.FindMeter(c.Meter) is not { UntilMs: long.MaxValue } meter)
        {
            context.Refuse(MeterRefusals.NotHere, "The meter was moved meanwhile; send the request again.");
            return null;
        }

        var account = meter.Account;
        if (account?.Number == c.ToAccount)
        {
            context.Refuse(MeterRefusals.AssignmentSameAccount, "The meter is on this account already.", account);
            return null;
        }

        if (c.AtMs <= meter.FromMs)
        {
            context.Refuse(MeterRefusals.AssignmentTooEarly,
                $"at: {Instants.ToText(c.AtMs)} is not after {Instants.ToText(meter.FromMs)}, when the meter came to its present account.", account);
            return null;
        }

        return account is null ? ReleaseLoose(context, meter, c) : ReleaseFrom(context, account, meter, c);
    }

    private static DaysNeeded? ReleaseLoose(FoldContext context, MeterState meter, ReleaseMeter c)
    {
        if (c.AtMs < meter.Last.TimeMs || c.RegisterWh < meter.Last.ValueWh)
        {
            context.Refuse(MeterRefusals.AssignmentBeforeLastReading,
                $"at, register: the meter's last reading is {meter.Last.ValueWh} Wh at {Instants.ToText(meter.Last.TimeMs)}; neither may lie before it.");
            return null;
        }

        if (c.RegisterWh is { } wh)
        {
            meter.Held += new Energy(wh - meter.Last.ValueWh);
            meter.Last = new Point(c.AtMs, wh, ReadingQuality.Manual);
        }

        context.State.DirtyLooseMeters.Add(meter);
        SendOn(context, meter, c, meter.Last.ValueWh, []);
        context.Accept(null);
        return null;
    }

    private static DaysNeeded? ReleaseFrom(FoldContext context, AccountState account, MeterState meter, ReleaseMeter c)
    {
        // Without a register the last known value ends the old account's time too: what comes late is judged against it and never charged twice.
        var needed = LineEnd.Put(context, account, meter, c.AtMs, c.RegisterWh, c.RegisterWh is null ? ReadingQuality.Estimated : ReadingQuality.Manual,
            isExchange: false, out var moved);
        if (needed is not null || moved is null)
        {
            return needed;
        }

        SendOn(context, meter, c, meter.Last.ValueWh, moved);
        context.Emit(account, new MeterReleased(c.Meter, c.AtMs, meter.Last.ValueWh, c.ToAccount));
        Restores.MeterLeaves(context, account, c.Meter, stays: true);
        MeterReadings.Arrived(context, meter, account);
        context.Accept(account);
        return null;
    }

    private static void SendOn(FoldContext context, MeterState meter, ReleaseMeter c, long registerWh, List<Point> moved)
    {
        meter.UntilMs = c.AtMs;
        meter.NextPartition = c.ToPartition;
        var points = moved.ConvertAll(p => new MovedPoint(p.TimeMs, p.ValueWh, p.Quality & ~ReadingQuality.PassedOver, p.Revision));
        var record = new ReceiveMeter(c.Meter, meter.Assignment + 1, c.ToAccount, meter.Rating, c.AtMs, registerWh, context.State.Partition, points);
        context.Effects.Transfers.Add(new TransferEffect(context.Position, c.ToPartition, 1, LogRecords.Encode(context.NowMs, record)));
    }

    internal static DaysNeeded? Receive(FoldContext context, ReceiveMeter c)
    {
        var account = context.State.FindAccount(c.Account);
        if (account is not null && (account.Status == AccountStatus.Closed || account.Internal is not null || IsBeforeOpening(account, c.FromMs)))
        {
            account = null;
        }

        var former = context.State.FindMeter(c.Meter);
        var meter = new MeterState(c.Meter, c.Assignment)
        {
            Rating = c.Rating,
            PreviousPartition = c.FromPartition,
            Former = former,
        };
        PutMeter(context, meter, account, c.FromMs, c.RegisterWh);

        // What comes with the meter is one step of the balance: the lowest level that it passes is told, once.
        context.IsReceiving = true;
        try
        {
            foreach (var p in c.Points)
            {
                var needed = MeterReadings.Take(context, meter, new Reading(c.Meter, RegisterKind.Import, p.TimeMs, p.ValueWh, p.Quality, p.Revision));
                Invariant.Holds(needed is null, $"Meter {c.Meter} has just arrived and asks for closed days.");
            }
        }
        finally
        {
            context.IsReceiving = false;
        }

        if (account is not null)
        {
            context.Emit(account, new MeterInstalled(c.Meter, c.FromMs, c.RegisterWh));
            BalanceWatch.Settle(context, account);
        }

        context.Accept(account);
        return null;
    }

    internal static DaysNeeded? Exchange(FoldContext context, ExchangeMeter c)
    {
        if (context.State.FindMeter(c.Meter) is not { UntilMs: long.MaxValue, Account: { } account } meter)
        {
            context.Refuse(MeterRefusals.NotOnAccount, "The meter is not in use on an account.");
            return null;
        }

        if (context.State.HasMeter(c.NewMeter))
        {
            context.Refuse(MeterRefusals.Exists, "The new meter is installed already.", account);
            return null;
        }

        if (c.AtMs <= meter.FromMs)
        {
            context.Refuse(MeterRefusals.ExchangeTooEarly,
                $"at: {Instants.ToText(c.AtMs)} is not after {Instants.ToText(meter.FromMs)}, when the meter came to its present account.", account);
            return null;
        }

        var needed =
            LineEnd.Put(context, account, meter, c.AtMs, c.FinalWh, ReadingQuality.Manual | ReadingQuality.MeterChanged, isExchange: true, out var late);
        if (needed is not null || late is null)
        {
            return needed;
        }

        // What the old device is said to have counted after it was taken out is what it would be if it came now.
        foreach (var p in late)
        {
            ReadingExceptions.RaiseUnapplied(context, new Reading(c.Meter, RegisterKind.Import, p.TimeMs, p.ValueWh, p.Quality, p.Revision), account.Number,
                VeeOutcome.AfterRemoval, null);
        }

        MeterReadings.Arrived(context, meter, account);
        meter.UntilMs = c.AtMs;
        PutMeter(context, new MeterState(c.NewMeter, 0) { Rating = c.NewRating }, account, c.AtMs, c.StartWh);
        context.Emit(account, new MeterExchanged(c.Meter, c.NewMeter, c.AtMs, c.FinalWh, c.StartWh));
        Restores.MeterLeaves(context, account, c.Meter, stays: false);
        BalanceWatch.Settle(context, account);
        context.Accept(account);
        return null;
    }

    private static void PutMeter(FoldContext context, MeterState meter, AccountState? account, long fromMs, long registerWh)
    {
        meter.Account = account;
        meter.FromMs = fromMs;
        meter.Tail = meter.Last = new Point(fromMs, registerWh);
        meter.Run = new Run(0, fromMs);
        meter.LastArrivalMs = context.NowMs;
        context.State.Put(meter);
        if (account is null)
        {
            context.State.DirtyLooseMeters.Add(meter);
        }
        else
        {
            account.Meters.Add(meter);
            context.State.Touch(account, context.Position);
        }

        context.Effects.MeterRoutes.Add(new MeterRouteEffect(context.Position, meter.Number, account?.Number ?? 0, context.State.Partition));
    }

    /// <summary>An account pays for nothing from before its first day.</summary>
    private static bool IsBeforeOpening(AccountState account, long fromMs) =>
        !Faults.Sabotage.BeforeOpening && fromMs < account.Calendar.StartOf(account.OpenedDay);

    private static bool RefuseAccount(FoldContext context, int number, out AccountState? account)
    {
        account = context.State.FindAccount(number);
        if (account is null)
        {
            context.Refuse(AccountRefusals.Unknown, $"Account number {number} does not exist.");
            return true;
        }

        if (account.Status == AccountStatus.Closed)
        {
            context.Refuse(AccountRefusals.Closed, "The account is closed.", account);
            return true;
        }

        if (account.Internal is not null)
        {
            context.Refuse(AccountRefusals.Internal, "The account is a float or suspense account; it can have no meter.", account);
            return true;
        }

        if (account.Meters.Count >= Limits.MetersPerAccountMax)
        {
            context.Refuse(AccountRefusals.TooManyMeters, $"The account has {account.Meters.Count} meters; at most {Limits.MetersPerAccountMax} fit.", account);
            return true;
        }

        return false;
    }
}
