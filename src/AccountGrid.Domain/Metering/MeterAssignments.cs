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

        if (RefuseRates(context, account, "rateRegistersWh", c.RateRegistersWh, needed: c.RateRegistersWh is null ? 0 : null)
            || RefuseUnmapped(context, account, c.FromMs, c.RateRegistersWh?.Count ?? 0))
        {
            return;
        }

        PutMeter(context, new MeterState(c.Meter, 0) { Rating = c.Rating }, account, c.FromMs,
            new(c.RegisterWh, c.RateRegistersWh, c.ExportWh, c.ReactiveVarh));
        if (account is not null)
        {
            context.Emit(account, new MeterInstalled(c.Meter, c.FromMs, c.RegisterWh, c.RateRegistersWh, c.ExportWh, c.ReactiveVarh,
                c.Rating.FactsFrom(c.FromMs)));
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
        var changes = c.ByRates is { } byRates && byRates != !meter.IsCharged;
        if ((account?.Number ?? 0) == c.ToAccount && !changes && !SideRegisters.Changes(meter, c))
        {
            context.Refuse(MeterRefusals.AssignmentSameAccount,
                account is null ? "The meter is on no account already." : "The meter is on this account already.", account);
            return null;
        }

        if (RefuseRatio(meter, account, c) is { } wrong)
        {
            context.Refuse(wrong, account);
            return null;
        }

        if (c.AtMs <= meter.FromMs)
        {
            context.Refuse(MeterRefusals.AssignmentTooEarly,
                $"at: {Instants.ToText(c.AtMs)} is not after {Instants.ToText(meter.FromMs)}, when the meter came to its present account.", account);
            return null;
        }

        if (changes ? RefuseChange(context, account, meter, c)
            : c.RateRegistersWh is not null && RefuseRates(context, account, "rateRegistersWh", c.RateRegistersWh, meter.Rates?.Length ?? 0))
        {
            return null;
        }

        if (SideRegisters.Refuse(context, account, meter, c))
        {
            return null;
        }

        return account is null ? ReleaseLoose(context, meter, c) : ReleaseFrom(context, account, meter, c);
    }

    /// <summary>A meter that comes from the stock to transformers says which; one that stays where it is has its ratio changed as a fact.</summary>
    private static Refusal? RefuseRatio(MeterState meter, AccountState? account, ReleaseMeter c) => c switch
    {
        { RatioMicro: <= 0 or > Limits.RatioMaxMicro } =>
            new(MeterRefusals.RatioInvalid, $"ratio: {c.RatioMicro} millionths are not more than 0 and at most {Limits.RatioMaxMicro}."),
        { RatioMicro: not null } when account?.Number == c.ToAccount =>
            new(MeterRefusals.RatioInvalid, "ratio: the meter stays on its account; set the ratio with POST /v1/meters/{id}/facts."),
        { RatioMicro: null, ToAccount: not 0 } when account is null && meter.Rating.At(c.AtMs + 1).Ratio != MeterRating.One =>
            new(MeterRefusals.RatioInvalid,
                "ratio: it is missing, and the meter was at transformers before; give the ratio at its new place, 1 where there are none."),
        _ => null,
    };

    /// <summary>What a meter can measure from an instant on.</summary>
    /// <param name="ratio">The ratio at its new place; null is that of its old one.</param>
    private static MeterRating RatingAfter(in MeterRating rating, long atMs, long? ratio)
    {
        var after = rating.From(atMs);
        return ratio is not { } other ? after : after with
        {
            RatioMicro = other == MeterRating.One ? 0 : other,
            Changes = after.Changes?.Select(c => c with { RatioMicro = null }).Where(c => c != new MeterFact(c.FromMs)).ToList() is { Count: > 0 } rest
                ? rest : null,
        };
    }

    /// <summary>What a new device can measure behind the transformers of the one that it replaces.</summary>
    private static MeterRating RatingAtPlaceOf(MeterState meter, ExchangeMeter c)
    {
        var old = meter.Rating.From(c.AtMs);
        return c.RatioMicro is { } ratio ? c.NewRating with { RatioMicro = ratio == MeterRating.One ? 0 : ratio } : c.NewRating with
        {
            RatioMicro = old.RatioMicro,
            Changes = old.Changes?.Where(f => f.RatioMicro is not null).Select(f => new MeterFact(f.FromMs, RatioMicro: f.RatioMicro)).ToList()
                is { Count: > 0 } later ? later : null,
        };
    }

    private static DaysNeeded? ReleaseLoose(FoldContext context, MeterState meter, ReleaseMeter c)
    {
        var registers = RegistersOf(meter, c.RegisterWh, c.RateRegistersWh, c.ExportWh, c.ReactiveVarh);
        foreach (var (i, line) in meter.Lines.Index())
        {
            if (c.AtMs < line.Last.TimeMs || registers[i] < line.Last.ValueWh)
            {
                context.Refuse(MeterRefusals.AssignmentBeforeLastReading,
                    $"at, register: the meter's last reading is {line.Last.ValueWh} Wh at {Instants.ToText(line.Last.TimeMs)}; neither may lie before it.");
                return null;
            }
        }

        foreach (var (i, line) in meter.Lines.Index())
        {
            if (registers[i] is { } wh)
            {
                var end = new Point(c.AtMs, wh, ReadingQuality.Manual);
                line.Held += new Energy(line.IsCharged ? line.Rating.EnergyWh(line.Last, end, wh) : 0);
                line.Last = end;
            }
        }

        context.State.DirtyLooseMeters.Add(meter);
        SendOn(context, meter, c, []);
        context.Accept(null);
        return null;
    }

    private static DaysNeeded? ReleaseFrom(FoldContext context, AccountState account, MeterState meter, ReleaseMeter c)
    {
        // Without a register the last known value ends the old account's time too: what comes late is judged against it and never charged twice.
        var needed = LineEnd.Put(context, account, meter, c.AtMs, RegistersOf(meter, c.RegisterWh, c.RateRegistersWh, c.ExportWh, c.ReactiveVarh),
            wh => wh is null ? ReadingQuality.Estimated : ReadingQuality.Manual, isExchange: false, out var moved);
        if (needed is not null || moved is null)
        {
            return needed;
        }

        SendOn(context, meter, c, moved);
        context.Emit(account, new MeterReleased(c.Meter, c.AtMs, meter.Last.ValueWh, c.ToAccount, RatesOf(meter), meter.Export?.Last.ValueWh,
            meter.Reactive?.Last.ValueWh));
        Restores.MeterLeaves(context, account, c.Meter, stays: c.ToAccount != 0);
        LinesArrived(context, meter, account);
        context.Accept(account);
        return null;
    }

    private static void SendOn(FoldContext context, MeterState meter, ReleaseMeter c, List<(MeterState Line, List<Point> Points)> moved)
    {
        foreach (var line in meter.Lines)
        {
            (line.UntilMs, line.NextPartition) = (c.AtMs, c.ToPartition);
        }

        var points = moved.SelectMany(m => m.Points.Select(
            p => new MovedPoint(p.TimeMs, p.ValueWh, p.Quality & ~ReadingQuality.PassedOver, p.Revision, p.Decision, m.Line.Register))).ToList();
        var rating = RatingAfter(meter.Rating, c.AtMs, c.RatioMicro);
        var record = new ReceiveMeter(c.Meter, meter.Assignment + 1, c.ToAccount, rating, c.AtMs, meter.Last.ValueWh, context.State.Partition, points,
            c.ByRates ?? !meter.IsCharged ? c.RateRegistersWh ?? RatesOf(meter) : null,
            c.MeasuresExport ?? meter.Export is not null ? c.ExportWh ?? meter.Export?.Last.ValueWh ?? 0 : null,
            c.MeasuresReactive ?? meter.Reactive is not null ? c.ReactiveVarh ?? meter.Reactive?.Last.ValueWh ?? 0 : null);
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
            SupplyPoint = account?.Meters.Find(m => m.Number == c.Meter)?.SupplyPoint ?? c.Meter,
        };
        PutMeter(context, meter, account, c.FromMs,
            new(c.RegisterWh, c.RateRegistersWh, c.ExportWh, c.ReactiveVarh));

        // What comes with the meter is one step of the balance: the lowest level that it passes is told, once.
        context.IsReceiving = true;
        try
        {
            foreach (var p in c.Points)
            {
                if (meter.LineOf(p.Register) is not { } line)
                {
                    ReadingRoute.RefuseRegister(context, meter, new Reading(c.Meter, p.Register, p.TimeMs, p.ValueWh, p.Quality, p.Revision));
                    continue;
                }

                var needed = MeterReadings.TakeMoved(context, line, p);
                Invariant.Holds(needed is null, $"Meter {c.Meter} has just arrived and asks for closed days.");
            }
        }
        finally
        {
            context.IsReceiving = false;
        }

        if (account is not null)
        {
            context.Emit(account, new MeterInstalled(c.Meter, c.FromMs, c.RegisterWh, c.RateRegistersWh, c.ExportWh, c.ReactiveVarh,
                c.Rating.FactsFrom(c.FromMs)));
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

        if (RefuseRates(context, account, "finalRatesWh", c.FinalRatesWh, meter.Rates?.Length ?? 0)
            || RefuseRates(context, account, "startRatesWh", c.StartRatesWh, needed: c.StartRatesWh is null ? 0 : null)
            || RefuseUnmapped(context, account, c.AtMs, c.StartRatesWh?.Count ?? 0) || SideRegisters.Refuse(context, account, meter, c))
        {
            return null;
        }

        var needed = LineEnd.Put(context, account, meter, c.AtMs, RegistersOf(meter, c.FinalWh, c.FinalRatesWh, c.FinalExportWh, c.FinalReactiveVarh),
            _ => ReadingQuality.Manual | ReadingQuality.MeterChanged, isExchange: true, out var late);
        if (needed is not null || late is null)
        {
            return needed;
        }

        // What the old device is said to have counted after it was taken out is what it would be if it came now.
        foreach (var (line, p) in late.SelectMany(l => l.Points.Select(p => (l.Line, p))))
        {
            ReadingExceptions.RaiseUnapplied(context, new Reading(c.Meter, line.Register, p.TimeMs, p.ValueWh, p.Quality, p.Revision), account.Number,
                VeeOutcome.AfterRemoval, null);
        }

        LinesArrived(context, meter, account);
        foreach (var line in meter.Lines)
        {
            line.UntilMs = c.AtMs;
        }

        var rating = RatingAtPlaceOf(meter, c);
        PutMeter(context, new MeterState(c.NewMeter, 0) { Rating = rating, SupplyPoint = meter.SupplyPoint }, account, c.AtMs,
            new(c.StartWh, c.StartRatesWh, c.StartExportWh, c.StartReactiveVarh));
        context.Emit(account, new MeterExchanged(c.Meter, c.NewMeter, c.AtMs, c.FinalWh, c.StartWh, c.FinalRatesWh, c.StartRatesWh, c.FinalExportWh,
            c.StartExportWh, c.FinalReactiveVarh, c.StartReactiveVarh, rating.FactsFrom(c.AtMs)));
        Restores.MeterLeaves(context, account, c.Meter, stays: false);
        BalanceWatch.Settle(context, account);
        context.Accept(account);
        return null;
    }

    /// <summary>Values of a meter's registers as a command gives them, by line.</summary>
    private static List<long?> RegistersOf(MeterState meter, long? registerWh, IReadOnlyList<long>? ratesWh, long? exportWh, long? reactiveVarh) =>
        [.. meter.Lines.Select(l => l.Register switch
        {
            RegisterKind.Import => registerWh,
            RegisterKind.Export => exportWh,
            RegisterKind.Reactive => reactiveVarh,
            _ => ratesWh?[l.Register - RegisterKind.ImportRate1],
        })];

    /// <summary>Last values of a meter's rate registers; null where it is charged by 1.8.0.</summary>
    private static long[]? RatesOf(MeterState meter) => meter.Rates is { } rates ? [.. rates.Select(r => r.Last.ValueWh)] : null;

    private static void LinesArrived(FoldContext context, MeterState meter, AccountState account)
    {
        foreach (var line in meter.Lines)
        {
            MeterReadings.Arrived(context, line, account);
        }
    }

    /// <summary>A meter that goes over to other registers needs the values of both kinds: what either counted is charged, and nothing twice.</summary>
    private static bool RefuseChange(FoldContext context, AccountState? account, MeterState meter, ReleaseMeter c)
    {
        if (c.RegisterWh is null)
        {
            context.Refuse(MeterRefusals.RegisterInvalid, "registerWh: '' is not the value of 1.8.0 at that instant; a change of registers needs it.", account);
            return true;
        }

        if (RefuseRates(context, account, "rateRegistersWh", c.RateRegistersWh, meter.Rates?.Length))
        {
            return true;
        }

        if (account is { Customer.Supply.Relay: not Relay.On })
        {
            context.Refuse(MeterRefusals.RelayOff, "The account's supply is off, or about to be: a meter's registers are changed while it is on.", account);
            return true;
        }

        return account?.Number == c.ToAccount && c.ByRates == true && RefuseUnmapped(context, account, c.AtMs, c.RateRegistersWh!.Count);
    }

    /// <summary>Refuses rate registers that a tariff of the account would charge by its schedule, as far as tariffs are known.</summary>
    private static bool RefuseUnmapped(FoldContext context, AccountState? account, long fromMs, int registers)
    {
        for (var day = account?.Calendar.DayOf(fromMs) ?? int.MaxValue; day < int.MaxValue; day = account!.TariffEndOf(day, context.NowMs))
        {
            var tariff = account!.TariffOf(day, context.NowMs);
            if (tariff.UnmappedOf(registers) is { } register)
            {
                context.Refuse(TariffRefusals.RegistersNotMapped,
                    $"rateRegistersWh: tariff {tariff.Definition.Id} version {tariff.Definition.Version} has no rate for {RegisterCodes.Of(register)}.",
                    account);
                return true;
            }
        }

        return false;
    }

    /// <param name="needed">How many there must be, 0 is none; null is as many as a meter can have.</param>
    private static bool RefuseRates(FoldContext context, AccountState? account, string field, IReadOnlyList<long>? ratesWh, int? needed)
    {
        var count = ratesWh?.Count ?? 0;
        if (needed is { } all ? count == all : count is >= 1 and <= RegisterCodes.RatesMax)
        {
            return false;
        }

        context.Refuse(MeterRefusals.RateRegistersInvalid,
            needed switch
            {
                0 => $"{field}: {count} values, but the meter is charged by 1.8.0; leave it out.",
                null => $"{field}: {count} values are not 1 to {RegisterCodes.RatesMax}, one for each rate register from 1.8.1 on.",
                _ => $"{field}: {count} values, but the meter has {needed} rate registers, 1.8.1 to 1.8.{needed}.",
            }, account);
        return true;
    }

    private static void PutMeter(FoldContext context, MeterState meter, AccountState? account, long fromMs, StartValues start)
    {
        meter.Rates = start.RatesWh is null ? null : [.. start.RatesWh.Select((_, i) => LineOf(meter, RegisterCodes.RateAt(i)))];
        meter.Export = start.ExportWh is null ? null : LineOf(meter, RegisterKind.Export);
        meter.Reactive = start.ReactiveVarh is null ? null : LineOf(meter, RegisterKind.Reactive);
        var registers = RegistersOf(meter, start.RegisterWh, start.RatesWh, start.ExportWh, start.ReactiveVarh);
        foreach (var (i, line) in meter.Lines.Index())
        {
            line.Account = account;
            line.FromMs = fromMs;
            line.Tail = line.Last = new Point(fromMs, registers[i]!.Value);
            line.Run = new Run(0, fromMs);
            line.LastArrivalMs = context.NowMs;
        }

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

        context.Effects.MeterRoutes.Add(new MeterRouteEffect(
            context.Position, meter.Number, account?.Number ?? 0, context.State.Partition, meter.Rates?.Length ?? 0));
    }

    private static MeterState LineOf(MeterState meter, RegisterKind register) =>
        new(meter.Number, meter.Assignment, register) { Rating = meter.Rating, PreviousPartition = meter.PreviousPartition, SupplyPoint = meter.SupplyPoint };

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

    /// <summary>Values of a meter's registers when it begins to count; null of those that it does not have.</summary>
    private readonly record struct StartValues(long RegisterWh, IReadOnlyList<long>? RatesWh, long? ExportWh, long? ReactiveVarh);
}
