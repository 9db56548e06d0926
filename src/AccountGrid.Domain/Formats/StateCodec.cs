using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>Stored form of an account with its meters, and of a meter on no account. It says everything by itself.</summary>
public static class StateCodec
{
    /// <summary>Beside the count of a meter's rate registers: it has a line of 2.8.0.</summary>
    private const ulong MeasuresExport = 8;

    /// <summary>Beside the same: it has a line of 3.8.0.</summary>
    private const ulong MeasuresReactive = 16;

    [Flags]
    private enum Parts
    {
        None = 0,
        Customer = 1,

        /// <summary>Former households, behind the one that it has.</summary>
        FormerHouseholds = 2,

        /// <summary>It is of the company's own books: kind, limit and commission.</summary>
        Internal = 4,

        /// <summary>Exported energy of its periods, and what earlier ones left.</summary>
        Export = 8,

        /// <summary>Its prices count through an earlier publication than its partition's.</summary>
        PricedThrough = 16,

        /// <summary>Contracted capacity, and sums of its periods under two-part tariffs.</summary>
        TwoPart = 32,
    }

    public static byte[] Encode(AccountState a)
    {
        var w = new StateWriter();
        w.Unsigned(StoredFormat.Account.Header);
        w.Unsigned((ulong)((a.Customer is null ? Parts.None : Parts.Customer) | (a.FormerHouseholds.Count > 0 ? Parts.FormerHouseholds : Parts.None)
            | (a.Internal is null ? Parts.None : Parts.Internal) | (ExportCodec.Has(a) ? Parts.Export : Parts.None)
            | (a.PricedThrough is null ? Parts.None : Parts.PricedThrough) | (TwoPartCodec.Has(a) ? Parts.TwoPart : Parts.None)));
        w.Signed(a.Number);
        w.Unsigned((ulong)a.Status);
        w.Unsigned((ulong)a.Mode);
        w.Unsigned(a.Household.Size);
        w.Unsigned(a.Household.Protected ? 1u : 0u);
        WriteFormerHouseholds(w, a);
        WriteInternal(w, a);
        if (a.PricedThrough is { } through)
        {
            w.Signed(through);
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
            w.Signed((t.Tariff << 1) | (t.Follows ? 1 : 0));
        }

        WritePeriods(w, a);
        w.Movements(a.Movements, 0, 0);

        w.Signed(a.Unapproved.SinceDay);
        w.Signed(a.Unapproved.Amount.Nano);
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

    private static void WritePeriods(StateWriter w, AccountState a)
    {
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

        if (ExportCodec.Has(a))
        {
            ExportCodec.Write(w, a);
        }

        if (TwoPartCodec.Has(a))
        {
            TwoPartCodec.Write(w, a);
        }
    }

    private static void ReadPeriods(ref StateReader r, AccountState a, Parts parts)
    {
        for (var n = r.Unsigned(); n > 0; n--)
        {
            var period = new ChargePeriod(r.Int(), r.Int()) { Live = r.Sums(), Closed = r.Sums() };
            period.Restore(r.Wide(), r.Wide());
            a.Periods.Add(period);
        }

        if (parts.HasFlag(Parts.Export))
        {
            ExportCodec.Read(ref r, a);
        }

        if (parts.HasFlag(Parts.TwoPart))
        {
            TwoPartCodec.Read(ref r, a);
        }
    }

    private static void WriteInternal(StateWriter w, AccountState a)
    {
        if (a.Internal is { } own)
        {
            w.Unsigned((ulong)own.Kind);
            w.Signed(own.Limit.Nano);
            w.Signed(own.CommissionPpm);
        }
    }

    private static void WriteFormerHouseholds(StateWriter w, AccountState a)
    {
        if (a.FormerHouseholds.Count == 0)
        {
            return;
        }

        w.Unsigned((ulong)a.FormerHouseholds.Count);
        foreach (var f in a.FormerHouseholds)
        {
            w.Signed(f.UntilDay);
            w.Unsigned(f.Household.Size);
            w.Unsigned(f.Household.Protected ? 1u : 0u);
        }
    }

    /// <summary>Throws <see cref="FormatException"/> for a version that this build does not read, and for damaged bytes.</summary>
    public static AccountState DecodeAccount(ReadOnlySpan<byte> bytes, Func<int, Tariff> tariffs)
    {
        StoredFormat.Account.VersionOf(bytes);
        var r = new StateReader(bytes[1..]);
        var parts = (Parts)r.Unsigned();
        var a = new AccountState(r.Int(), tariffs)
        {
            Status = (AccountStatus)r.Unsigned(),
            Mode = (PaymentMode)r.Unsigned(),
            Household = new Household((byte)r.Unsigned(), r.Unsigned() == 1),
        };
        for (var n = parts.HasFlag(Parts.FormerHouseholds) ? r.Unsigned() : 0; n > 0; n--)
        {
            a.FormerHouseholds.Add(new FormerHousehold(r.Int(), new Household((byte)r.Unsigned(), r.Unsigned() == 1)));
        }

        a.Internal = parts.HasFlag(Parts.Internal) ? new InternalAccount((AccountKind)r.Unsigned(), new Money(r.Signed()), r.Int()) : null;
        a.PricedThrough = parts.HasFlag(Parts.PricedThrough) ? r.Int() : null;
        a.OpenedDay = r.Int();
        a.Credit = r.Wide();
        a.Settled = r.Wide();
        a.SettledBeforeDay = r.Int();
        a.StandingThroughDay = r.Int();
        a.DueAtMs = r.Signed();
        a.Version = r.Signed();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            a.Tariffs.Add(PlainCodec.SpanOf(r.Int(), 0, r.Int()));
        }

        ReadPeriods(ref r, a, parts);
        r.Movements(a.Movements, 0, 0);

        a.Unapproved = new UnapprovedSum(r.Int(), new Money(r.Signed()));
        if (!parts.HasFlag(Parts.Customer))
        {
            a.Levels = r.Levels();
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            a.Meters.Add(ReadMeter(ref r, a));
        }

        if (parts.HasFlag(Parts.Customer))
        {
            CustomerCodec.Read(ref r, a);
        }

        a.RestoreCharged();
        return a;
    }

    public static byte[] EncodeLoose(IReadOnlyList<MeterState> meters)
    {
        var w = new StateWriter();
        w.Unsigned(StoredFormat.LooseMeter.Header);
        w.Unsigned((ulong)meters.Count);
        foreach (var meter in meters)
        {
            Write(w, meter);
        }

        return w.ToArray();
    }

    public static List<MeterState> DecodeLoose(ReadOnlySpan<byte> bytes)
    {
        StoredFormat.LooseMeter.VersionOf(bytes);
        var r = new StateReader(bytes[1..]);
        var meters = new List<MeterState>();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            meters.Add(ReadMeter(ref r, null));
        }

        return meters;
    }

    private static void Write(StateWriter w, MeterState m)
    {
        w.Signed(m.Number);
        w.Unsigned((ulong)MeterCodec.DetailsOf(m));
        w.Signed(m.Rating.CapacityW);
        w.Signed(m.Rating.IntervalMs);
        w.Signed(m.Last.TimeMs);
        w.Signed(m.Last.ValueWh);
        w.Signed(m.FirstPosition);
        MeterCodec.Write(w, m, m.Last, m.FirstPosition, 0);
        w.Instant(m.UntilMs, m.Last.TimeMs);
        w.Instant(m.LastArrivalMs, m.Last.TimeMs);
        w.Signed(m.Run.StepWh);
        w.Instant(m.Run.SinceMs, m.Last.TimeMs);
        w.Signed(m.Charged.Wh);
        w.Unsigned((ulong)(m.Reopened?.Count ?? 0));
        foreach (var b in m.Reopened ?? [])
        {
            w.Signed(b.Day);
            w.Signed(b.Energy.Wh);
            w.Signed(b.Base.Nano);
            w.Signed(b.EntryPosition);
            w.Signed(b.FromPosition);
            w.Longs(b.RateWh);
        }

        if (m.Register == RegisterKind.Import)
        {
            w.Unsigned((uint)(m.Rates?.Length ?? 0) | (m.Export is null ? 0 : MeasuresExport) | (m.Reactive is null ? 0 : MeasuresReactive));
            Array.ForEach(m.Rates ?? [], line => Write(w, line));
            if (m.Export is { } export)
            {
                Write(w, export);
            }

            if (m.Reactive is { } reactive)
            {
                Write(w, reactive);
            }
        }
    }

    private static MeterState ReadMeter(ref StateReader r, AccountState? account, RegisterKind register = RegisterKind.Import)
    {
        var (number, details) = (r.Int(), (MeterDetails)r.Unsigned());
        var rating = new MeterRating(r.Signed(), 0, r.Int());
        var last = new Point(r.Signed(), r.Signed());
        var m = MeterCodec.Read(ref r, number, details, rating, last, r.Signed(), 0, register);
        m.Account = account;
        m.UntilMs = r.Instant(last.TimeMs);
        m.LastArrivalMs = r.Instant(last.TimeMs);
        m.Run = new Run(r.Signed(), r.Instant(last.TimeMs));
        m.Charged = new Energy(r.Signed());
        for (var n = r.Unsigned(); n > 0; n--)
        {
            (m.Reopened ??= []).Add(new BookedDay(r.Int(), new Energy(r.Signed()), new Money(r.Signed()), r.Signed(), r.Signed(), r.LongsOrNull()));
        }

        if (register == RegisterKind.Import && r.Unsigned() is > 0 and var lines)
        {
            ReadLines(ref r, m, account, lines);
        }

        return m;
    }

    private static void ReadLines(ref StateReader r, MeterState meter, AccountState? account, ulong lines)
    {
        var rates = lines & ~(MeasuresExport | MeasuresReactive);
        if (rates > 0)
        {
            meter.Rates = rates <= RegisterCodes.RatesMax ? new MeterState[rates] : throw new FormatException($"A meter of {rates} rate registers.");
            for (var i = 0; i < meter.Rates.Length; i++)
            {
                meter.Rates[i] = ReadMeter(ref r, account, RegisterCodes.RateAt(i));
            }
        }

        if ((lines & MeasuresExport) != 0)
        {
            meter.Export = ReadMeter(ref r, account, RegisterKind.Export);
        }

        if ((lines & MeasuresReactive) != 0)
        {
            meter.Reactive = ReadMeter(ref r, account, RegisterKind.Reactive);
        }
    }
}
