using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// Format 4: what stands behind a plain row. It leaves out what the row has, and counts instants, days, positions and values from those of the row, so
/// that most take a byte or two. It means nothing without its row.
/// </summary>
internal static class PlainCodec
{
    private const byte Format = 4;

    [Flags]
    private enum Parts
    {
        None = 0,
        Customer = 1,
        TailDetail = 2,
        LastDetail = 4,
        Unapproved = 8,
    }

    public static bool IsPlain(ReadOnlySpan<byte> cold) => cold.Length > 0 && cold[0] == Format;

    /// <param name="row">The row of <paramref name="a"/>, with all its numbers.</param>
    public static byte[] Encode(AccountState a, in PackedAccount row)
    {
        var (m, current) = (a.Meters[0], a.Periods[^1]);
        var w = new StateWriter();
        w.Unsigned(Format);
        w.Unsigned((ulong)((a.Customer is null ? Parts.None : Parts.Customer) | (IsDetailed(m.Tail) ? Parts.TailDetail : Parts.None) | (IsDetailed(m.Last) ? Parts.LastDetail : Parts.None)
            | (a.Unapproved == default ? Parts.None : Parts.Unapproved)));
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
            w.Signed(t.Tariff - row.Tariff);
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
            w.Money(new Money(a.Unapproved.Nano));
        }

        Write(w, m, row, new Point(row.LastMs, row.LastWh), current.StartDay);
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
        var r = new StateReader(cold);
        if (r.Unsigned() != Format)
        {
            throw new FormatException($"What stands behind a plain account is not of format {Format}.");
        }

        var parts = (Parts)r.Unsigned();
        var a = new AccountState(row.Account, tariffs) { Mode = (PaymentMode)r.Unsigned(), Household = row.Household, DueAtMs = row.DueAtMs };
        var startDay = r.Int();
        a.OpenedDay = r.Day(startDay);
        a.SettledBeforeDay = r.Day(startDay);
        a.StandingThroughDay = r.Day(startDay);
        a.Settled = r.Wide();
        a.Version = row.FirstPosition + r.Signed();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            a.Tariffs.Add(new TariffSpan(r.Day(startDay), row.Tariff + r.Int()));
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

        var current = new ChargePeriod(startDay, row.Tariff) { Live = new Sums(new Energy(row.EnergyWh), new Money(row.BaseNano), row.StandingDays), Closed = r.Sums() };
        current.Restore(new Money(row.ChargeNano), r.Wide());
        a.Periods.Add(current);
        r.Movements(a.Movements, row.FirstPosition, startDay);

        if (parts.HasFlag(Parts.Unapproved))
        {
            a.Unapproved = new UnapprovedSum(r.Day(startDay), r.Money().Nano);
        }

        var meter = ReadMeter(ref r, row, parts, packed, startDay);
        meter.Account = a;
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
            a.Version = row.Position;
        }

        a.RestoreCharged();
        return a;
    }

    private static void Write(StateWriter w, MeterState m, in PackedAccount row, Point last, int startDay)
    {
        w.Signed(m.Assignment);
        w.Signed(m.Rating.RegisterWidthWh);
        w.Instant(m.FromMs, last.TimeMs);
        w.Signed(m.PreviousPartition);
        w.Signed(m.NextPartition);
        w.Instant(m.Tail.TimeMs, last.TimeMs);
        w.Signed(m.Tail.ValueWh - last.ValueWh);
        WriteDetail(w, m.Tail);
        WriteDetail(w, m.Last);
        w.Chunks(m.Open);
        w.Day(m.ClosedThroughDay, startDay);
        w.Instant(m.ClosedEndMs, last.TimeMs);
        w.Weights(m.Weights, startDay);
        w.Day(m.WeightsFromDay, startDay);
        w.Doubts(m.Doubts, last.TimeMs);
        w.Signed(m.Held.Wh);
        w.Signed(m.LastPosition - row.FirstPosition);
        w.Unsigned((ulong)(m.Side?.Length ?? 0));
        foreach (var s in m.Side ?? [])
        {
            w.Instant(s.TimeMs, last.TimeMs);
            w.Signed(s.ValueWh);
        }
    }

    private static MeterState ReadMeter(ref StateReader r, in PackedAccount row, Parts parts, Point last, int startDay)
    {
        var m = new MeterState(row.Meter, r.Int())
        {
            Rating = new MeterRating(row.CapacityW, r.Signed(), row.IntervalMs),
            FromMs = r.Instant(last.TimeMs),
            PreviousPartition = r.Int(),
            NextPartition = r.Int(),
            Tail = new Point(r.Instant(last.TimeMs), last.ValueWh + r.Signed()),
            LastArrivalMs = row.ArrivalMs,
            Run = new Run(row.StepWh, row.RunSinceMs),
            FirstPosition = row.FirstPosition,
        };
        m.Tail = ReadDetail(ref r, m.Tail, parts, Parts.TailDetail);
        m.Last = ReadDetail(ref r, last, parts, Parts.LastDetail);
        r.Chunks(ref m.Open, m.Tail);
        m.ClosedThroughDay = r.Day(startDay);
        m.ClosedEndMs = r.Instant(last.TimeMs);
        m.Weights = r.Weights(startDay);
        m.WeightsFromDay = r.Day(startDay);
        m.Doubts = r.Doubts(last.TimeMs);
        m.Held = new Energy(r.Signed());
        m.LastPosition = row.FirstPosition + r.Signed();
        if (row.Position >= 0)
        {
            m.LastPosition = row.Position;
        }

        var side = (int)r.Unsigned();
        m.Side = side == 0 ? null : new SideRegister[side];
        for (var i = 0; i < side; i++)
        {
            m.Side![i] = new SideRegister(r.Instant(last.TimeMs), r.Signed());
        }

        return m;
    }

    private static bool IsDetailed(in Point point) => point.Quality != 0 || point.Revision != 0 || point.Shape is not null;

    private static void WriteDetail(StateWriter w, in Point point)
    {
        if (IsDetailed(point))
        {
            w.Unsigned((ulong)point.Quality);
            w.Unsigned(point.Revision);
            w.Bytes(point.Shape);
        }
    }

    private static Point ReadDetail(ref StateReader r, in Point point, Parts parts, Parts detail) =>
        (parts & detail) == 0 ? point : point with { Quality = (ReadingQuality)r.Unsigned(), Revision = (byte)r.Unsigned(), Shape = r.BytesOrNull() };
}
