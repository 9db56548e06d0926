using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.State;

/// <summary>
/// An account with its one meter as a row of numbers: what the next reading in order needs, without following a pointer. Everything else
/// stands in its page's bytes, the rest of its stored form at the moment of packing, with the points that came since packed behind it. A row is
/// unpacked into an <see cref="AccountState"/> for whatever is not the plain case, and packed again afterwards; the two are the same state.
/// </summary>
internal struct PackedAccount
{
    /// <summary>Credits less the charges of all periods but the current one, nano.</summary>
    public long CreditNano;

    /// <summary>Live sums and charge of the current period.</summary>
    public long EnergyWh;
    public long BaseNano;
    public long ChargeNano;

    /// <summary>A balance below the one, or at or above the other, concerns the low-balance levels.</summary>
    public long NextFireNano;
    public long NextRearmNano;

    /// <summary>Position of the last reading taken while packed; -1 is none.</summary>
    public long Position;

    /// <summary>Position of the first reading since the meter had no open day; 0 is none.</summary>
    public long FirstPosition;

    public long LastMs;
    public long LastWh;
    public long RunSinceMs;
    public long ArrivalMs;

    /// <summary>A later reading needs the unpacked form: another period or tariff begins. <see cref="long.MinValue"/>: any reading does.</summary>
    public long PlainUntilMs;

    public long DueAtMs;

    public int Account;

    /// <summary>Number of the meter; 0 is none.</summary>
    public int Meter;

    public int Tariff;
    public int StandingDays;
    public int CapacityW;
    public int IntervalMs;

    /// <summary>The last packed point's step in time, ms, and the difference that the run of <see cref="RunSinceMs"/> repeats, Wh.</summary>
    public int StepMs;
    public int StepWh;

    /// <summary>Where the row's bytes begin in its page; <see cref="Length"/> of <see cref="Capacity"/> are in use, <see cref="ColdLength"/> of them the stored form.</summary>
    public int At;
    public ushort Capacity;
    public ushort Length;
    public ushort ColdLength;
    public ushort PointCount;
    public byte HouseholdSize;
    private Flags _flags;

    [Flags]
    private enum Flags : byte
    {
        Packed = 1,
        Protected = 2,
        Watched = 4,
    }

    /// <summary>False while the account is worked on as an <see cref="AccountState"/>: only <see cref="Account"/>, <see cref="IsWatched"/> and the slot (<see cref="At"/>, <see cref="Capacity"/>) then mean anything.</summary>
    public bool IsPacked
    {
        readonly get => (_flags & Flags.Packed) != 0;
        set => Set(Flags.Packed, value);
    }

    public bool IsProtected
    {
        readonly get => (_flags & Flags.Protected) != 0;
        set => Set(Flags.Protected, value);
    }

    /// <summary>Somebody wants to hear of the account's next change. Belongs to the place, whether packed or not, and is not stored.</summary>
    public bool IsWatched
    {
        readonly get => (_flags & Flags.Watched) != 0;
        set => Set(Flags.Watched, value);
    }

    public readonly Money Balance => new(CreditNano - ChargeNano);

    public readonly Household Household => new(HouseholdSize, IsProtected);

    /// <summary>Packs a point behind the last one.</summary>
    /// <param name="page">The page that this row stands on.</param>
    public void AppendPoint(AccountPage page, long timeMs, long valueWh)
    {
        var step = timeMs - LastMs;
        var same = step == StepMs;
        var delta = VarInt.ZigZag(valueWh - LastWh) << 1;
        var needed = Length + (2 * VarInt.MaxBytes);
        if (needed > Capacity)
        {
            needed = Length + VarInt.Size(delta) + (same ? 0 : VarInt.Size((ulong)step));
        }

        var bytes = page.SlotOf(ref this, needed);
        var at = (int)Length;
        at += VarInt.Write(bytes[at..], delta | (same ? 1u : 0u));
        if (!same)
        {
            at += VarInt.Write(bytes[at..], (ulong)step);
        }

        Length = (ushort)at;
        PointCount++;
        StepMs = (int)step;
        LastMs = timeMs;
        LastWh = valueWh;
    }

    /// <summary>Whether one more point surely fits the row's own counters.</summary>
    public readonly bool HasRoom => Length < ushort.MaxValue - (2 * VarInt.MaxBytes);

    /// <summary>The state that the row stands for.</summary>
    /// <param name="bytes">What stands behind the row.</param>
    public readonly AccountState Unpack(ReadOnlySpan<byte> bytes, Func<int, Tariff> tariffs)
    {
        var cold = bytes[..ColdLength];
        if (PlainCodec.IsPlain(cold))
        {
            var account = PlainCodec.Decode(this, cold, PackedPoint(bytes), tariffs);
            UnpackPoints(bytes, account.Meters[0]);
            return account;
        }

        return UnpackWhole(bytes, StateCodec.DecodeAccount(cold, tariffs));
    }

    /// <summary>From a stored form that says everything by itself: of a row that is not plain, and of a plain one that a build before format 4 stored.</summary>
    private readonly AccountState UnpackWhole(ReadOnlySpan<byte> bytes, AccountState account)
    {
        if (Meter == 0)
        {
            return account;
        }

        var meter = account.Meters[0];
        if (Position < 0)
        {
            return account;
        }

        var period = account.Periods[^1];
        meter.Charged += new Energy(EnergyWh) - period.Live.Energy;
        period.Live = new Sums(new Energy(EnergyWh), new Money(BaseNano), StandingDays);
        period.Restore(new Money(ChargeNano), period.Booked);
        account.RestoreCharged();
        UnpackPoints(bytes, meter);
        meter.Run = new Run(StepWh, RunSinceMs);
        meter.LastArrivalMs = ArrivalMs;
        meter.LastPosition = Position;
        account.Version = Position;
        return account;
    }

    /// <summary>Time and value of the last point when the row was packed: the row's last, less all steps since.</summary>
    private readonly Point PackedPoint(ReadOnlySpan<byte> bytes)
    {
        var (ms, wh) = (LastMs, LastWh);
        foreach (var point in new PointReader(bytes[ColdLength..], PointCount))
        {
            ms -= point.StepMs;
            wh -= point.DeltaWh;
        }

        return new Point(ms, wh);
    }

    private readonly void UnpackPoints(ReadOnlySpan<byte> bytes, MeterState meter)
    {
        var last = meter.Last;
        foreach (var (stepMs, deltaWh) in new PointReader(bytes[ColdLength..], PointCount))
        {
            var point = new Point(last.TimeMs + stepMs, last.ValueWh + deltaWh);
            meter.Open.Append(last, point);
            last = point;
        }

        meter.Last = last;
    }

    /// <summary>The steps that <see cref="AppendPoint"/> packed, in order.</summary>
    private ref struct PointReader(ReadOnlySpan<byte> bytes, int count)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;
        private int _left = count;

        public (long StepMs, long DeltaWh) Current { get; private set; }

        public readonly PointReader GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_left-- == 0)
            {
                return false;
            }

            var head = VarInt.Read(_bytes, ref _at);
            Current = ((head & 1) == 0 ? (long)VarInt.Read(_bytes, ref _at) : Current.StepMs, VarInt.UnZigZag(head >> 1));
            return true;
        }
    }

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
            if (meter.UntilMs != long.MaxValue || meter.Former is not null || meter.Reopened is { Count: > 0 })
            {
                return false;
            }

            row.Meter = meter.Number;
            row.FirstPosition = meter.FirstPosition;
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

        cold = StateCodec.Encode(a);
        return cold.Length <= ushort.MaxValue / 2;
    }

    /// <summary>Fills in what the next reading needs; false, with nothing filled in, where the row would not say all of it.</summary>
    private static bool TryPlain(AccountState a, MeterState meter, ref PackedAccount row)
    {
        var (rating, last) = (meter.Rating, meter.Last);
        var plan = a.PlanAt(last.TimeMs);
        var tariff = a.TariffOf(plan.Day);
        if (a.FormerHouseholds.Count > 0 || a.Periods.Count == 0 || a.Periods[^1] is not { Stale: false } period || period.Tariff != tariff.Number
            || (a.Periods.Count > 1 && a.Periods[^2].StartDay == period.StartDay) || plan.Day < period.StartDay || last.TimeMs < meter.ClosedEndMs
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
        row.HouseholdSize = a.Household.Size;
        row.IsProtected = a.Household.Protected;
        (row.NextFireNano, row.NextRearmNano) = a.Levels.Bounds;
        if (a.Customer is { NegativeSinceMs: 0 } && a.Mode == PaymentMode.Prepaid)
        {
            // Going below zero begins more than a notice.
            row.NextFireNano = Math.Max(row.NextFireNano, 0);
        }
        else if (a.Customer is { NegativeSinceMs: not 0 } && a.Levels.Levels.Any(l => l.Kind == LevelKind.CreditUsed))
        {
            // Below zero on emergency credit each reading can use it up, or again after a part of it was paid back.
            row.NextFireNano = long.MaxValue;
        }

        // Down to here the balance is charged, whatever its levels are.
        row.NextFireNano = Math.Max(row.NextFireNano, AccountBounds.FloorOf(a).Nano);
        row.LastMs = last.TimeMs;
        row.LastWh = last.ValueWh;
        row.RunSinceMs = meter.Run.SinceMs;
        row.StepWh = (int)meter.Run.StepWh;
        row.ArrivalMs = meter.LastArrivalMs;
        row.CapacityW = (int)rating.CapacityW;
        row.IntervalMs = rating.IntervalMs;
        if (meter.FirstPosition != 0 && RegisterLine.Counts(last) && !meter.Doubts.Reach(last.TimeMs))
        {
            row.PlainUntilMs = a.Calendar.StartOf(Math.Min(tariff.PeriodEndOf(period.StartDay), a.TariffEndOf(plan.Day)));
        }

        return true;
    }

    private void Set(Flags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;
}
