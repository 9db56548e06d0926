using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// Stored form of a packed account: the format, the numbers of its row, then what stands behind it. Nothing is worked out on either way, so a million load in
/// the time that reading them takes. Format 2 has a whole account behind the row, format 5 what <see cref="PlainCodec"/> leaves of it: a build that does not
/// know that refuses the page when it loads it, before it folds anything.
/// </summary>
internal static class PackedCodec
{
    private const byte WholeFormat = 2;
    private const byte PlainFormat = 5;

    public static bool IsPacked(ReadOnlySpan<byte> state) => state.Length > 0 && state[0] is WholeFormat or PlainFormat;

    public static void Encode(StateWriter w, in PackedAccount row, ReadOnlySpan<byte> behind)
    {
        Span<byte> bytes = stackalloc byte[32 * VarInt.MaxBytes];
        var at = 0;
        bytes[at++] = PlainCodec.IsPlain(behind) ? PlainFormat : WholeFormat;
        ReadOnlySpan<long> numbers =
        [
            row.Account, row.Meter, row.CreditNano, row.EnergyWh, row.BaseNano, row.ChargeNano, row.NextFireNano, row.NextRearmNano, row.Position, row.FirstPosition, row.LastMs, row.LastWh,
            row.RunSinceMs, row.ArrivalMs, row.PlainUntilMs, row.DueAtMs, row.Tariff, row.StandingDays, row.CapacityW, row.IntervalMs, row.StepMs, row.StepWh, row.PointCount,
            row.HouseholdSize, row.IsProtected ? 1 : 0, row.ColdLength,
        ];
        foreach (var number in numbers)
        {
            at += VarInt.Write(bytes[at..], VarInt.ZigZag(number));
        }

        w.Unsigned((ulong)(at + behind.Length));
        w.Raw(bytes[..at]);
        w.Raw(behind);
    }

    /// <summary>Throws <see cref="FormatException"/> on damaged bytes.</summary>
    /// <param name="behind">What stands behind the row; the last part of <paramref name="state"/>.</param>
    public static PackedAccount Decode(ReadOnlySpan<byte> state, out ReadOnlySpan<byte> behind)
    {
        var r = new StateReader(state);
        var isWhole = r.Unsigned() == WholeFormat;
        var row = new PackedAccount
        {
            Account = r.Int(),
            Meter = r.Int(),
            CreditNano = r.Signed(),
            EnergyWh = r.Signed(),
            BaseNano = r.Signed(),
            ChargeNano = r.Signed(),
            NextFireNano = r.Signed(),
            NextRearmNano = r.Signed(),
            Position = r.Signed(),
            FirstPosition = r.Signed(),
            LastMs = r.Signed(),
            LastWh = r.Signed(),
            RunSinceMs = r.Signed(),
            ArrivalMs = r.Signed(),
            PlainUntilMs = r.Signed(),
            DueAtMs = r.Signed(),
            Tariff = r.Int(),
            StandingDays = r.Int(),
            CapacityW = r.Int(),
            IntervalMs = r.Int(),
            StepMs = r.Int(),
            StepWh = r.Int(),
            PointCount = (ushort)r.Int(),
            HouseholdSize = (byte)r.Int(),
            IsProtected = r.Int() == 1,
            ColdLength = (ushort)r.Int(),
        };
        behind = r.Rest();
        row.Length = checked((ushort)behind.Length);
        row.IsPacked = true;
        if (isWhole)
        {
            // Builds before format 5 did not end a row's plain time where another tariff was to come between two times of the same one.
            row.PlainUntilMs = long.MinValue;
        }

        return row.ColdLength <= row.Length ? row : throw new FormatException($"A packed account has {row.Length} bytes of which {row.ColdLength} should be its cold form.");
    }
}
