using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// Stored form of a packed account: its first byte, the numbers of its row, then what stands behind it: the rest of the account, or the whole account where the
/// row says nothing of it. Nothing is worked out on either way, so a million load in the time that reading them takes.
/// </summary>
internal static class PackedCodec
{
    public static bool IsPacked(ReadOnlySpan<byte> state) => StoredFormat.AccountRow.Is(state);

    /// <summary>Writes the form behind its length.</summary>
    public static void Encode(StateWriter w, in PackedAccount row, ReadOnlySpan<byte> behind)
    {
        var writer = new RowWriter(stackalloc byte[32 * VarInt.MaxBytes]);
        writer.Header(StoredFormat.AccountRow.Header);
        var copy = row;
        Visit(ref copy, ref writer);
        w.Unsigned((ulong)(writer.Written.Length + behind.Length));
        w.Raw(writer.Written);
        w.Raw(behind);
    }

    /// <summary>
    /// Throws <see cref="FormatException"/> for a version that this build does not read, of the row or of what stands behind it, and for damaged bytes.
    /// </summary>
    /// <param name="behind">What stands behind the row; the last part of <paramref name="state"/>.</param>
    public static PackedAccount Decode(ReadOnlySpan<byte> state, out ReadOnlySpan<byte> behind)
    {
        StoredFormat.AccountRow.VersionOf(state);
        var reader = new RowReader(state);
        var row = default(PackedAccount);
        Visit(ref row, ref reader);
        behind = reader.Rest();
        (StoredFormat.Account.Is(behind) ? StoredFormat.Account : StoredFormat.RowRest).VersionOf(behind);
        row.Length = checked((ushort)behind.Length);
        row.IsPacked = true;
        return row.ColdLength <= row.Length
            ? row
            : throw new FormatException($"A packed account has {row.Length} bytes of which {row.ColdLength} should be its cold form.");
    }

    /// <summary>The numbers of a row in their stored order, for writing and for reading alike.</summary>
    private static void Visit<TNumbers>(ref PackedAccount row, ref TNumbers numbers)
        where TNumbers : struct, IRowNumbers, allows ref struct
    {
        numbers.Next(ref row.Account);
        numbers.Next(ref row.Meter);
        numbers.Next(ref row.CreditNano);
        numbers.Next(ref row.EnergyWh);
        numbers.Next(ref row.BaseNano);
        numbers.Next(ref row.ChargeNano);
        numbers.Next(ref row.BeforeWh);
        numbers.Next(ref row.NextFireNano);
        numbers.Next(ref row.NextRearmNano);
        numbers.Next(ref row.Position);
        numbers.Next(ref row.FirstPosition);
        numbers.Next(ref row.LastMs);
        numbers.Next(ref row.LastWh);
        numbers.Next(ref row.RunSinceMs);
        numbers.Next(ref row.ArrivalMs);
        numbers.Next(ref row.PlainUntilMs);
        numbers.Next(ref row.DueAtMs);
        numbers.Next(ref row.Tariff);
        numbers.Next(ref row.StandingDays);
        numbers.Next(ref row.CapacityW);
        numbers.Next(ref row.IntervalMs);
        numbers.Next(ref row.StepMs);
        numbers.Next(ref row.StepWh);
        numbers.Next(ref row.PointCount);

        // Nearly all are neither protected nor in a first year: one byte says both.
        int householdSize = row.HouseholdSize, tierTerms = (row.TierPart << 1) | (row.IsProtected ? 1 : 0);
        numbers.Next(ref householdSize);
        numbers.Next(ref tierTerms);
        (row.HouseholdSize, row.IsProtected, row.TierPart) = ((byte)householdSize, (tierTerms & 1) != 0, (ushort)(tierTerms >> 1));
        numbers.Next(ref row.ColdLength);
    }
}
