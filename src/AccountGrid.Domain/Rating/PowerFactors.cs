namespace AccountGrid.Domain.Rating;

/// <summary>Power factors in whole hundredths.</summary>
public static class PowerFactors
{
    /// <summary>
    /// P/√(P²+Q²) in hundredths, half up; null where both are zero. By whole numbers: a factor is at least h-1/2 hundredths where 40,000 P² is at least
    /// (2h-1)² (P²+Q²).
    /// </summary>
    public static int? Of(long activeWh, long reactiveVarh)
    {
        if (activeWh <= 0)
        {
            return reactiveVarh <= 0 ? null : 0;
        }

        var (p, q) = Scaled(activeWh, Math.Max(0, reactiveVarh));
        var (active, apparent) = ((Int128)p * p * 40_000, ((Int128)p * p) + ((Int128)q * q));
        var hundredths = 100;
        while (hundredths > 0 && active < ((2 * hundredths) - 1) * ((2 * hundredths) - 1) * apparent)
        {
            hundredths--;
        }

        return hundredths;
    }

    public static string Text(int hundredths) => $"{hundredths / 100}.{hundredths % 100:00}";

    /// <summary>Both halved until squares fit: beyond 10^17 Wh a period of one account has none.</summary>
    private static (long P, long Q) Scaled(long p, long q)
    {
        while (Math.Max(p, q) > 10_000_000_000_000_000)
        {
            (p, q) = (p / 2, q / 2);
        }

        return (p, q);
    }
}
