namespace AccountGrid.Domain.Rating;

/// <summary>
/// Energy of a period by rate of its tariff, Wh: what was exported, and what was imported where export is taken off it. Never all zero: that is null.
/// Immutable, and equal where all sums are.
/// </summary>
public sealed class RateSums : IEquatable<RateSums>
{
    private readonly long[] _exported;
    private readonly long[] _imported;

    private RateSums(long[] exported, long[] imported) => (_exported, _imported) = (exported, imported);

    public IReadOnlyList<long> ExportedWh => _exported;

    public IReadOnlyList<long> ImportedWh => _imported;

    /// <summary>Sums by rate; null where all are zero.</summary>
    public static RateSums? Of(long[] exported, long[] imported) =>
        Array.TrueForAll(exported, wh => wh == 0) && Array.TrueForAll(imported, wh => wh == 0) ? null : new RateSums(exported, imported);

    /// <summary>Sums with energy of one rate added, or taken off where it is below zero.</summary>
    /// <param name="rates">Rates of the tariff.</param>
    public static RateSums? Add(RateSums? sums, int rates, bool isExport, int rate, long wh)
    {
        var more = new long[rates];
        more[rate] = wh;
        return Add(sums, isExport, more, 1);
    }

    /// <summary>Sums with energy by rate added.</summary>
    /// <param name="sign">-1 takes it off.</param>
    public static RateSums? Add(RateSums? sums, bool isExport, IReadOnlyList<long> wh, int sign)
    {
        var (exported, imported) = (Copy(sums?._exported, wh.Count), Copy(sums?._imported, wh.Count));
        var changed = isExport ? exported : imported;
        for (var i = 0; i < wh.Count; i++)
        {
            changed[i] = checked(changed[i] + (sign * wh[i]));
        }

        return Of(exported, imported);
    }

    public bool Equals(RateSums? other) =>
        other is not null && _exported.AsSpan().SequenceEqual(other._exported) && _imported.AsSpan().SequenceEqual(other._imported);

    public override bool Equals(object? obj) => Equals(obj as RateSums);

    public override int GetHashCode() => HashCode.Combine(_exported.Sum(), _imported.Sum());

    private static long[] Copy(long[]? wh, int count) => wh is null ? new long[count] : (long[])wh.Clone();
}
