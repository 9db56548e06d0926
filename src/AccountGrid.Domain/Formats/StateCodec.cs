using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// Stored form of an account with its meters, and of a meter on no account. The first number is the format; every format that was ever
/// written stays readable. Packed points inside keep their own form.
/// </summary>
public static class StateCodec
{
    private const ulong Format = 1;

    /// <summary>As format 1, and a customer behind it. (2 is the packed form.)</summary>
    private const ulong CustomerFormat = 3;

    /// <summary>Added to a format: the account has former households, which lie behind the one that it has.</summary>
    private const ulong WithFormerHouseholds = 16;

    public static byte[] Encode(AccountState a)
    {
        var w = new StateWriter();
        w.Unsigned((a.Customer is null ? Format : CustomerFormat) + (a.FormerHouseholds.Count > 0 ? WithFormerHouseholds : 0));
        w.Signed(a.Number);
        w.Unsigned((ulong)a.Status);
        w.Unsigned((ulong)a.Mode);
        w.Unsigned(a.Household.Size);
        w.Unsigned(a.Household.Protected ? 1u : 0u);
        if (a.FormerHouseholds.Count > 0)
        {
            w.Unsigned((ulong)a.FormerHouseholds.Count);
            foreach (var f in a.FormerHouseholds)
            {
                w.Signed(f.UntilDay);
                w.Unsigned(f.Household.Size);
                w.Unsigned(f.Household.Protected ? 1u : 0u);
            }
        }

        w.Signed(a.OpenedDay);
        w.Wide(a.Credit);
        w.Wide(a.Settled);
        w.Signed(a.SettledBeforeDay);
        w.Signed(a.StandingThroughDay);
        w.Signed(a.DueAtMs);
        w.Signed(a.Version);
        w.Unsigned((ulong)a.Tariffs.Count);
        foreach (var t in a.Tariffs)
        {
            w.Signed(t.FromDay);
            w.Signed(t.Tariff);
        }

        w.Unsigned((ulong)a.Periods.Count);
        foreach (var p in a.Periods)
        {
            w.Signed(p.StartDay);
            w.Signed(p.Tariff);
            w.Sums(p.Live);
            w.Sums(p.Closed);
            w.Wide(p.Charge);
            w.Wide(p.Booked);
        }

        w.Movements(a.Movements, 0, 0);

        w.Signed(a.Unapproved.SinceDay);
        w.Signed(a.Unapproved.Nano);
        if (a.Customer is null)
        {
            w.Levels(a.Levels);
        }

        w.Unsigned((ulong)a.Meters.Count);
        foreach (var m in a.Meters)
        {
            Write(w, m);
        }

        if (a.Customer is not null)
        {
            CustomerCodec.Write(w, a);
        }

        return w.ToArray();
    }

    /// <summary>Throws <see cref="FormatException"/> for a form that this build does not know, or that is damaged.</summary>
    public static AccountState DecodeAccount(ReadOnlySpan<byte> bytes, Func<int, Tariff> tariffs)
    {
        var r = new StateReader(bytes);
        var format = r.Unsigned();
        var hasFormer = format is Format + WithFormerHouseholds or CustomerFormat + WithFormerHouseholds;
        format -= hasFormer ? WithFormerHouseholds : 0;
        if (format is not (Format or CustomerFormat))
        {
            throw new FormatException($"State format {format} is not {Format} or {CustomerFormat}.");
        }

        var a = new AccountState(r.Int(), tariffs)
        {
            Status = (AccountStatus)r.Unsigned(),
            Mode = (PaymentMode)r.Unsigned(),
            Household = new Household((byte)r.Unsigned(), r.Unsigned() == 1),
        };
        for (var n = hasFormer ? r.Unsigned() : 0; n > 0; n--)
        {
            a.FormerHouseholds.Add(new FormerHousehold(r.Int(), new Household((byte)r.Unsigned(), r.Unsigned() == 1)));
        }

        a.OpenedDay = r.Int();
        a.Credit = r.Wide();
        a.Settled = r.Wide();
        a.SettledBeforeDay = r.Int();
        a.StandingThroughDay = r.Int();
        a.DueAtMs = r.Signed();
        a.Version = r.Signed();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            a.Tariffs.Add(new TariffSpan(r.Int(), r.Int()));
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            var period = new ChargePeriod(r.Int(), r.Int()) { Live = r.Sums(), Closed = r.Sums() };
            period.Restore(r.Wide(), r.Wide());
            a.Periods.Add(period);
        }

        r.Movements(a.Movements, 0, 0);

        a.Unapproved = new UnapprovedSum(r.Int(), r.Signed());
        if (format == Format)
        {
            a.Levels = r.Levels();
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            a.Meters.Add(ReadMeter(ref r, a));
        }

        if (format == CustomerFormat)
        {
            CustomerCodec.Read(ref r, a);
        }

        a.RestoreCharged();
        return a;
    }

    public static byte[] EncodeLoose(IReadOnlyList<MeterState> meters)
    {
        var w = new StateWriter();
        w.Unsigned(Format);
        w.Unsigned((ulong)meters.Count);
        foreach (var meter in meters)
        {
            Write(w, meter);
        }

        return w.ToArray();
    }

    public static List<MeterState> DecodeLoose(ReadOnlySpan<byte> bytes)
    {
        var r = Open(bytes);
        var meters = new List<MeterState>();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            meters.Add(ReadMeter(ref r, null));
        }

        return meters;
    }

    private static StateReader Open(ReadOnlySpan<byte> bytes)
    {
        var r = new StateReader(bytes);
        var format = r.Unsigned();
        return format == Format ? r : throw new FormatException($"State format {format} is not {Format}.");
    }

    private static void Write(StateWriter w, MeterState m)
    {
        w.Signed(m.Number);
        w.Signed(m.Assignment);
        w.Signed(m.Rating.CapacityW);
        w.Signed(m.Rating.RegisterWidthWh);
        w.Signed(m.Rating.IntervalMs);
        w.Signed(m.FromMs);
        w.Signed(m.UntilMs);
        w.Signed(m.PreviousPartition);
        w.Signed(m.NextPartition);
        w.Point(m.Tail);
        w.Point(m.Last);
        w.Chunks(m.Open);
        w.Signed(m.ClosedThroughDay);
        w.Signed(m.ClosedEndMs);
        w.Unsigned((ulong)(m.Reopened?.Count ?? 0));
        foreach (var b in m.Reopened ?? [])
        {
            w.Signed(b.Day);
            w.Signed(b.Energy.Wh);
            w.Signed(b.Base.Nano);
            w.Signed(b.EntryPosition);
            w.Signed(b.FromPosition);
        }

        w.Weights(m.Weights, 0);
        w.Signed(m.WeightsFromDay);
        w.Doubts(m.Doubts, 0);
        w.Signed(m.Charged.Wh);
        w.Signed(m.Held.Wh);
        w.Signed(m.LastArrivalMs);
        w.Signed(m.Run.StepWh);
        w.Signed(m.Run.SinceMs);
        w.Signed(m.FirstPosition);
        w.Signed(m.LastPosition);
        w.Unsigned((ulong)(m.Side?.Length ?? 0));
        foreach (var s in m.Side ?? [])
        {
            w.Signed(s.TimeMs);
            w.Signed(s.ValueWh);
        }
    }

    private static MeterState ReadMeter(ref StateReader r, AccountState? account)
    {
        var m = new MeterState(r.Int(), r.Int())
        {
            Account = account,
            Rating = new MeterRating(r.Signed(), r.Signed(), r.Int()),
            FromMs = r.Signed(),
            UntilMs = r.Signed(),
            PreviousPartition = r.Int(),
            NextPartition = r.Int(),
            Tail = r.Point(),
            Last = r.Point(),
        };
        r.Chunks(ref m.Open, m.Tail);
        m.ClosedThroughDay = r.Int();
        m.ClosedEndMs = r.Signed();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            (m.Reopened ??= []).Add(new BookedDay(r.Int(), new Energy(r.Signed()), new Money(r.Signed()), r.Signed(), r.Signed()));
        }

        m.Weights = r.Weights(0);
        m.WeightsFromDay = r.Int();
        m.Doubts = r.Doubts(0);
        m.Charged = new Energy(r.Signed());
        m.Held = new Energy(r.Signed());
        m.LastArrivalMs = r.Signed();
        m.Run = new Run(r.Signed(), r.Signed());
        m.FirstPosition = r.Signed();
        m.LastPosition = r.Signed();
        var side = (int)r.Unsigned();
        m.Side = side == 0 ? null : new SideRegister[side];
        for (var i = 0; i < side; i++)
        {
            m.Side![i] = new SideRegister(r.Signed(), r.Signed());
        }

        return m;
    }
}
