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

    /// <summary>Energy of the same period under earlier versions, which counts towards the tiers before its own.</summary>
    public long BeforeWh;

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

    /// <summary>
    /// Where the row's bytes begin in its page; <see cref="Length"/> of <see cref="Capacity"/> are in use, <see cref="ColdLength"/> of them the stored form.
    /// </summary>
    public int At;
    public ushort Capacity;
    public ushort Length;
    public ushort ColdLength;
    public ushort PointCount;

    /// <summary>What of the current period the limits of tiers are for, as in <see cref="TierTerms.Part"/>.</summary>
    public ushort TierPart;
    public byte HouseholdSize;
    private Flags _flags;

    [Flags]
    private enum Flags : byte
    {
        Packed = 1,
        Protected = 2,
        Watched = 4,
    }

    /// <summary>
    /// False while the account is worked on as an <see cref="AccountState"/>: only <see cref="Account"/>, <see cref="IsWatched"/> and the slot
    /// (<see cref="At"/>, <see cref="Capacity"/>) then mean anything.
    /// </summary>
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

    private void Set(Flags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;
}
