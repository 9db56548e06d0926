using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>Stored form of what an account exported: energy by rate of each period, and what settled ones left.</summary>
internal static class ExportCodec
{
    public static bool Has(AccountState a) => a.Carried.Count > 0 || a.Periods.Exists(p => p.Live.ByRate is not null || p.Closed.ByRate is not null);

    /// <summary>Behind the account's periods, in their order.</summary>
    public static void Write(StateWriter w, AccountState a)
    {
        foreach (var period in a.Periods)
        {
            Write(w, period.Live.ByRate);
            Write(w, period.Closed.ByRate);
        }

        w.Unsigned((ulong)a.Carried.Count);
        foreach (var carried in a.Carried)
        {
            w.Signed(carried.Tariff);
            w.Longs(carried.Left);
        }
    }

    public static void Read(ref StateReader r, AccountState a)
    {
        foreach (var period in a.Periods)
        {
            period.Live.ByRate = ReadSums(ref r);
            period.Closed.ByRate = ReadSums(ref r);
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            a.Carried.Add(new CarriedExport(r.Int(), r.LongsOrNull() ?? []));
        }
    }

    private static void Write(StateWriter w, RateSums? sums)
    {
        w.Longs(sums?.ExportedWh);
        if (sums is not null)
        {
            w.Longs(sums.ImportedWh);
        }
    }

    private static RateSums? ReadSums(ref StateReader r) => r.LongsOrNull() is { } exported ? RateSums.Of(exported, r.LongsOrNull() ?? []) : null;
}
