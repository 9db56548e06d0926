using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// Stored form of what an account row does not have of its meter: the part that both an account by itself and the rest of a row hold. Instants, values, days
/// and positions are counted from those of the meter's end, so that most take a byte or two.
/// </summary>
internal static class MeterCodec
{
    /// <param name="last">Time and value of the last point.</param>
    /// <param name="firstPosition">Position of the first reading since the meter had no open day.</param>
    /// <param name="day">From which days are counted.</param>
    public static void Write(StateWriter w, MeterState m, Point last, long firstPosition, int day)
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
        w.Day(m.ClosedThroughDay, day);
        w.Instant(m.ClosedEndMs, last.TimeMs);
        w.Weights(m.Weights, day);
        w.Day(m.WeightsFromDay, day);
        w.Doubts(m.Doubts, last.TimeMs);
        w.Signed(m.Held.Wh);
        w.Signed(m.LastPosition - firstPosition);
        w.Unsigned((ulong)(m.Side?.Length ?? 0));
        foreach (var s in m.Side ?? [])
        {
            w.Instant(s.TimeMs, last.TimeMs);
            w.Signed(s.ValueWh);
        }

        WriteDecision(w, m.Tail);
        WriteDecision(w, m.Last);
        if (m.RunDecidedMs != 0)
        {
            w.Instant(m.RunDecidedMs, last.TimeMs);
        }

        if (m.SupplyPoint != m.Number)
        {
            w.Signed(m.SupplyPoint);
        }

        if (!m.Rating.IsPlain)
        {
            WriteRating(w, m.Rating, last.TimeMs);
        }
    }

    /// <summary>A meter with what <see cref="Write"/> wrote.</summary>
    /// <param name="details">What <see cref="DetailsOf"/> said of it.</param>
    /// <param name="rating">Capacity and interval; the register's width is read.</param>
    public static MeterState Read(ref StateReader r, int number, MeterDetails details, MeterRating rating, Point last, long firstPosition, int day,
        RegisterKind register = RegisterKind.Import)
    {
        var m = new MeterState(number, r.Int(), register)
        {
            Rating = rating with { RegisterWidthWh = r.Signed() },
            FromMs = r.Instant(last.TimeMs),
            PreviousPartition = r.Int(),
            NextPartition = r.Int(),
            Tail = new Point(r.Instant(last.TimeMs), last.ValueWh + r.Signed()),
            FirstPosition = firstPosition,
        };
        m.Tail = ReadDetail(ref r, m.Tail, details, MeterDetails.Tail);
        m.Last = ReadDetail(ref r, last, details, MeterDetails.Last);
        r.Chunks(ref m.Open, m.Tail);
        m.ClosedThroughDay = r.Day(day);
        m.ClosedEndMs = r.Instant(last.TimeMs);
        m.Weights = r.Weights(day);
        m.WeightsFromDay = r.Day(day);
        m.Doubts = r.Doubts(last.TimeMs);
        m.Held = new Energy(r.Signed());
        m.LastPosition = firstPosition + r.Signed();
        var side = (int)r.Unsigned();
        m.Side = side == 0 ? null : new SideRegister[side];
        for (var i = 0; i < side; i++)
        {
            m.Side![i] = new SideRegister(r.Instant(last.TimeMs), r.Signed());
        }

        m.Tail = (details & MeterDetails.TailDecided) == 0 ? m.Tail : ReadDecision(ref r, m.Tail);
        m.Last = (details & MeterDetails.LastDecided) == 0 ? m.Last : ReadDecision(ref r, m.Last);
        m.RunDecidedMs = (details & MeterDetails.RunDecided) == 0 ? 0 : r.Instant(last.TimeMs);
        m.SupplyPoint = (details & MeterDetails.Replaced) == 0 ? number : r.Int();
        m.Rating = (details & MeterDetails.Rating) == 0 ? m.Rating : ReadRating(ref r, m.Rating, last.TimeMs);
        return m;
    }

    /// <summary>Which of a meter's two points have more than a time and a value, and what few meters have; stored by the caller, before the meter.</summary>
    public static MeterDetails DetailsOf(MeterState m) =>
        (IsDetailed(m.Tail) ? MeterDetails.Tail : MeterDetails.None) | (IsDetailed(m.Last) ? MeterDetails.Last : MeterDetails.None)
        | (m.Tail.Decision is null ? MeterDetails.None : MeterDetails.TailDecided) | (m.Last.Decision is null ? MeterDetails.None : MeterDetails.LastDecided)
        | (m.RunDecidedMs == 0 ? MeterDetails.None : MeterDetails.RunDecided)
        | (m.SupplyPoint == m.Number ? MeterDetails.None : MeterDetails.Replaced) | (m.Rating.IsPlain ? MeterDetails.None : MeterDetails.Rating);

    private static void WriteRating(StateWriter w, in MeterRating rating, long lastMs)
    {
        w.Signed(rating.RatioMicro);
        w.Unsigned((ulong)(rating.Changes?.Count ?? 0));
        foreach (var c in rating.Changes ?? [])
        {
            w.Instant(c.FromMs, lastMs);
            foreach (var fact in new[] { c.CapacityW, c.RegisterWidthWh, c.IntervalMs, c.RatioMicro })
            {
                // One more than a fact, so that 0 is none.
                w.Unsigned((ulong)(fact + 1 ?? 0));
            }
        }
    }

    private static MeterRating ReadRating(ref StateReader r, in MeterRating rating, long lastMs)
    {
        var ratio = r.Signed();
        var changes = new List<MeterFact>();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            changes.Add(new(r.Instant(lastMs), FactOf(r.Unsigned()), FactOf(r.Unsigned()), (int?)FactOf(r.Unsigned()), FactOf(r.Unsigned())));
        }

        return rating with { RatioMicro = ratio, Changes = changes.Count == 0 ? null : changes };
    }

    private static long? FactOf(ulong stored) => stored == 0 ? null : (long)stored - 1;

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

    private static void WriteDecision(StateWriter w, in Point point)
    {
        if (point.Decision is { } d)
        {
            w.Unsigned((ulong)d.Kind);
            w.Signed(d.KnownWh - point.ValueWh);
            w.Unsigned((ulong)d.KnownQuality);
            w.Signed(d.Wh);
        }
    }

    private static Point ReadDecision(ref StateReader r, in Point point) => point with
    {
        Decision = new PointDecision((ReadingDecision)r.Unsigned(), point.ValueWh + r.Signed(), (ReadingQuality)r.Unsigned(), r.Signed()),
    };

    private static Point ReadDetail(ref StateReader r, in Point point, MeterDetails details, MeterDetails detail) =>
        (details & detail) == 0 ? point : point with { Quality = (ReadingQuality)r.Unsigned(), Revision = (byte)r.Unsigned(), Shape = r.BytesOrNull() };
}
