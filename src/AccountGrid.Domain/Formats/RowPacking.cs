using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>Makes a row of an account, and an account of a row: the two are the same state.</summary>
internal static class RowPacking
{
    /// <summary>Makes a row of an account, if it has a form that a row can have: open, with one meter at most that was always here.</summary>
    /// <param name="row">Its numbers.</param>
    /// <param name="cold">Its stored form, to stand behind them.</param>
    public static bool TryPack(AccountState a, out PackedAccount row, out byte[] cold)
    {
        cold = [];
        row = new PackedAccount { Account = a.Number, DueAtMs = a.DueAtMs, Position = -1, PlainUntilMs = long.MinValue, CreditNano = a.Balance.Nano };
        if (a.Status != AccountStatus.Open || a.Meters.Count > 1 || a.Customer is { Supply.Relay: not Relay.On })
        {
            return false;
        }

        if (a.Meters.Count == 1)
        {
            var meter = a.Meters[0];
            if (meter.UntilMs != long.MaxValue || meter.Former is not null || meter.Lines.Any(l => l.Reopened is { Count: > 0 }))
            {
                return false;
            }

            row.Meter = meter.Number;
            row.FirstPosition = FirstPositionOf(meter);
            if (IsPlain(a, meter))
            {
                if (TryPlain(a, meter, ref row))
                {
                    cold = PlainCodec.Encode(a, row);
                    return cold.Length <= ushort.MaxValue / 2;
                }

                if (meter.FirstPosition != 0)
                {
                    return false;
                }
            }
        }

        // An account whose meter has several registers, transformers or facts that changed, or that is on a two-part tariff, is its stored form, open days
        // and all: readings come together, and work on it once.

        cold = StateCodec.Encode(a);
        return cold.Length <= ushort.MaxValue / 2;
    }

    private static bool IsPlain(AccountState a, MeterState meter) =>
        meter is { Rates: null, Export: null, Reactive: null, Rating.IsPlain: true } && !TwoPartCodec.Has(a)
        && a.TariffOf(a.PlanAt(meter.Last.TimeMs).Day).TwoPart is null;

    /// <summary>The earliest of its lines; 0 where none has an open day.</summary>
    private static long FirstPositionOf(MeterState meter)
    {
        if (meter is { Rates: null, Export: null, Reactive: null })
        {
            return meter.FirstPosition;
        }

        var open = meter.Lines.Where(l => l.FirstPosition != 0).ToList();
        return open.Count == 0 ? 0 : open.Min(l => l.FirstPosition);
    }

    /// <summary>Fills in what the next reading needs; false, with nothing filled in, where the row would not say all of it.</summary>
    private static bool TryPlain(AccountState a, MeterState meter, ref PackedAccount row)
    {
        var (rating, last) = (meter.Rating, meter.Last);
        var plan = a.PlanAt(last.TimeMs);
        var tariff = a.TariffOf(plan.Day);
        if (a.PricedThrough is not null || a.FormerHouseholds.Count > 0 || ExportCodec.Has(a) || a.Periods.Count == 0
            || a.Periods[^1] is not { Stale: false } period || period.Tariff != tariff.Number
            || plan.Day < period.StartDay || last.TimeMs < meter.ClosedEndMs
            || rating.CapacityW > int.MaxValue || meter.Run.StepWh is > int.MaxValue or < int.MinValue)
        {
            return false;
        }

        var credit = a.Balance + period.Charge;
        if (!credit.IsMoney || !period.Live.Base.IsMoney || !period.Charge.IsMoney)
        {
            // A row has room for sums of a month, and of a year of most: where a year has more, each reading goes the long way.
            return false;
        }

        row.Tariff = tariff.Number;
        row.CreditNano = credit.ToMoney().Nano;
        row.EnergyWh = period.Live.Energy.Wh;
        row.BaseNano = period.Live.Base.ToMoney().Nano;
        row.StandingDays = period.Live.StandingDays;
        row.ChargeNano = period.Charge.ToMoney().Nano;
        row.BeforeWh = a.EnergyBefore(a.Periods.Count - 1, closed: false).Wh;
        row.HouseholdSize = a.Household.Size;
        row.IsProtected = a.Household.Protected;
        row.TierPart = (ushort)a.TermsOf(period).Part;
        (row.NextFireNano, row.NextRearmNano) = BoundsOf(a);
        row.LastMs = last.TimeMs;
        row.LastWh = last.ValueWh;
        row.RunSinceMs = meter.Run.SinceMs;
        row.StepWh = (int)meter.Run.StepWh;
        row.ArrivalMs = meter.LastArrivalMs;
        row.CapacityW = (int)rating.CapacityW;
        row.IntervalMs = rating.IntervalMs;
        if (meter.FirstPosition != 0 && RegisterLine.Counts(last) && !RegisterLine.IsEstimate(last) && !meter.Doubts.Reach(last.TimeMs))
        {
            // Of a product, versions are known that begin within so many days; what is announced later begins after them.
            var end = Math.Min(tariff.PeriodEndOf(period.StartDay), a.TariffEndOf(plan.Day));
            row.PlainUntilMs = a.Calendar.StartOf(a.FollowsFrom(plan.Day) ? Math.Min(end, plan.Day + Limits.TariffLeadDays - 1) : end);
        }

        return true;
    }

    /// <summary>A balance below the first, or at or above the second, concerns more than the charge.</summary>
    private static (long Fire, long Rearm) BoundsOf(AccountState a)
    {
        var (fire, rearm) = (a.Levels.Bounds.Fire.Nano, a.Levels.Bounds.Rearm.Nano);
        if (a.Customer is { NegativeSinceMs: var since } && a.Mode == PaymentMode.Prepaid)
        {
            // Going below zero begins more than a notice. A price below zero can lift the balance, and what began there ends.
            (fire, rearm) = since == 0 ? (Math.Max(fire, 0), rearm) : (fire, Math.Min(rearm, 0));
        }

        if (a.Customer is { NegativeSinceMs: not 0 } && a.Levels.Levels.Any(l => l.Kind == LevelKind.CreditUsed))
        {
            // Below zero on emergency credit each reading can use it up, or again after a part of it was paid back.
            fire = long.MaxValue;
        }

        // Down to the one, and up to the other, the balance is charged, whatever its levels are.
        return (Math.Max(fire, AccountBounds.FloorOf(a).Nano), Math.Min(rearm, AccountBounds.CeilingOf(a).Nano + 1));
    }

    /// <summary>The state that the row stands for.</summary>
    /// <param name="bytes">What stands behind the row.</param>
    public static AccountState Unpack(in PackedAccount row, ReadOnlySpan<byte> bytes, Func<int, Tariff> tariffs)
    {
        var cold = bytes[..row.ColdLength];
        if (PlainCodec.IsPlain(cold))
        {
            var account = PlainCodec.Decode(row, cold, PackedPoint(row, bytes), tariffs);
            UnpackPoints(row, bytes, account.Meters[0]);
            return account;
        }

        return StateCodec.DecodeAccount(cold, tariffs);
    }

    /// <summary>Time and value of the last point when the row was packed: the row's last, less all steps since.</summary>
    private static Point PackedPoint(in PackedAccount row, ReadOnlySpan<byte> bytes)
    {
        var (ms, wh) = (row.LastMs, row.LastWh);
        foreach (var point in new PackedSteps(bytes[row.ColdLength..], row.PointCount))
        {
            ms -= point.StepMs;
            wh -= point.DeltaWh;
        }

        return new Point(ms, wh);
    }

    private static void UnpackPoints(in PackedAccount row, ReadOnlySpan<byte> bytes, MeterState meter)
    {
        var last = meter.Last;
        foreach (var (stepMs, deltaWh) in new PackedSteps(bytes[row.ColdLength..], row.PointCount))
        {
            var point = new Point(last.TimeMs + stepMs, last.ValueWh + deltaWh);
            meter.Open.Append(last, point);
            last = point;
        }

        meter.Last = last;
    }
}
