using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// Stored form of what stands behind a plain row. It leaves out what the row has, and counts instants, days, positions and values from those of the row, so
/// that most take a byte or two. It means nothing without its row.
/// </summary>
internal static class PlainCodec
{
    /// <summary>Above the bits of <see cref="MeterDetails"/>.</summary>
    [Flags]
    private enum Parts
    {
        None = 0,
        Customer = 4,
        Unapproved = 8,
    }

    /// <param name="coded">How far its version's number is from <paramref name="tariff"/>, above the bit that says whether the product is followed.</param>
    public static TariffSpan SpanOf(int fromDay, int tariff, int coded) => new(fromDay, tariff + (coded >> 1), (coded & 1) == 1);

    public static bool IsPlain(ReadOnlySpan<byte> cold) => StoredFormat.RowRest.Is(cold);

    /// <param name="row">The row of <paramref name="a"/>, with all its numbers.</param>
    public static byte[] Encode(AccountState a, in PackedAccount row)
    {
        var (m, current) = (a.Meters[0], a.Periods[^1]);
        var w = new StateWriter();
        w.Unsigned(StoredFormat.RowRest.Header);
        w.Unsigned(
            (ulong)((a.Customer is null
                ? Parts.None
                : Parts.Customer) | (a.Unapproved == default ? Parts.None : Parts.Unapproved)) | (ulong)MeterCodec.DetailsOf(m));
        w.Unsigned((ulong)a.Mode);
        w.Signed(current.StartDay);
        w.Day(a.OpenedDay, current.StartDay);
        w.Day(a.SettledBeforeDay, current.StartDay);
        w.Day(a.StandingThroughDay, current.StartDay);
        w.Wide(a.Settled);
        w.Signed(a.Version - row.FirstPosition);
        w.Unsigned((ulong)a.Tariffs.Count);
        foreach (var t in a.Tariffs)
        {
            w.Day(t.FromDay, current.StartDay);
            w.Signed(((t.Tariff - row.Tariff) << 1) | (t.Follows ? 1 : 0));
        }

        w.Unsigned((ulong)a.Periods.Count);
        foreach (var p in a.Periods)
        {
            if (p != current)
            {
                w.Day(p.StartDay, current.StartDay);
                w.Signed(p.Tariff - row.Tariff);
                w.Sums(p.Live);
                w.Wide(p.Charge);
            }

            w.Sums(p.Closed);
            w.Wide(p.Booked);
        }

        w.Movements(a.Movements, row.FirstPosition, current.StartDay);

        if (a.Unapproved != default)
        {
            w.Day(a.Unapproved.SinceDay, current.StartDay);
            w.Money(a.Unapproved.Amount);
        }

        MeterCodec.Write(w, m, new Point(row.LastMs, row.LastWh), row.FirstPosition, current.StartDay);
        w.Signed((m.Charged - current.Live.Energy).Wh);
        if (a.Customer is null)
        {
            w.Levels(a.Levels);
        }
        else
        {
            var customer = new StateWriter();
            CustomerCodec.Write(customer, a);
            w.Zeros(customer.Written);
        }

        return w.ToArray();
    }

    /// <summary>The account as its row stands, but for the points that came since. Throws <see cref="FormatException"/> for damaged bytes.</summary>
    /// <param name="packed">Time and value of the last point when it was packed.</param>
    public static AccountState Decode(in PackedAccount row, ReadOnlySpan<byte> cold, Point packed, Func<int, Tariff> tariffs)
    {
        StoredFormat.RowRest.VersionOf(cold);
        var r = new StateReader(cold[1..]);
        var flags = r.Unsigned();
        var (parts, details) = ((Parts)flags, (MeterDetails)(byte)flags);
        var a = new AccountState(row.Account, tariffs) { Mode = (PaymentMode)r.Unsigned(), Household = row.Household, DueAtMs = row.DueAtMs };
        var startDay = r.Int();
        a.OpenedDay = r.Day(startDay);
        a.SettledBeforeDay = r.Day(startDay);
        a.StandingThroughDay = r.Day(startDay);
        a.Settled = r.Wide();
        a.Version = row.FirstPosition + r.Signed();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            a.Tariffs.Add(SpanOf(r.Day(startDay), row.Tariff, r.Int()));
        }

        a.Credit = new Money(row.CreditNano) + a.Settled;
        for (var n = r.Unsigned(); n > 1; n--)
        {
            var period = new ChargePeriod(r.Day(startDay), row.Tariff + r.Int()) { Live = r.Sums() };
            var charge = r.Wide();
            period.Closed = r.Sums();
            period.Restore(charge, r.Wide());
            a.Periods.Add(period);
            a.Credit += charge;
        }

        var current =
            new ChargePeriod(startDay, row.Tariff) { Live = new Sums(new Energy(row.EnergyWh), new Money(row.BaseNano), row.StandingDays), Closed = r.Sums() };
        current.Restore(new Money(row.ChargeNano), r.Wide());
        a.Periods.Add(current);
        r.Movements(a.Movements, row.FirstPosition, startDay);
        if (parts.HasFlag(Parts.Unapproved))
        {
            a.Unapproved = new UnapprovedSum(r.Day(startDay), r.Money());
        }

        var meter = MeterCodec.Read(ref r, row.Meter, details, new MeterRating(row.CapacityW, 0, row.IntervalMs), packed, row.FirstPosition, startDay);
        (meter.Account, meter.LastArrivalMs, meter.Run) = (a, row.ArrivalMs, new Run(row.StepWh, row.RunSinceMs));
        meter.Charged = current.Live.Energy + new Energy(r.Signed());
        a.Meters.Add(meter);
        if ((parts & Parts.Customer) == 0)
        {
            a.Levels = r.Levels();
        }
        else
        {
            var customer = new StateReader(r.Zeros());
            CustomerCodec.Read(ref customer, a);
        }

        if (row.Position >= 0)
        {
            (a.Version, meter.LastPosition) = (row.Position, row.Position);
        }

        a.RestoreCharged();
        return a;
    }
}
