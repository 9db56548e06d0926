using System.Globalization;
using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// What a ReadingType of IEC 61968-9 (Annex C, eighteen numbers) says of a value. Active energy of electricity is kind 12 in Wh (unit 72) of commodity 1 or 2;
/// flow 1 is import and 19 export; accumulation 4 (deltaData) is the energy of an interval, 1 (bulkQuantity), 3 (cumulative) and 9 (summation) are registers.
/// </summary>
/// <param name="IsEnergy">Whether it is active energy of one register; else it is passed over.</param>
/// <param name="LengthMs">Length of the interval, ms; 0 of a register.</param>
/// <param name="MilliWh">Milliwatt-hours of one unit of the value.</param>
internal readonly record struct CimReadingType(bool IsEnergy, RegisterKind Register, bool IsInterval, int LengthMs, decimal MilliWh)
{
    private const int Numbers = 18;
    private const int Energy = 12;
    private const int WattHours = 72;
    private const int Forward = 1;
    private const int Reverse = 19;
    private const int MultiplierMax = 9;

    public const string Right = "a ReadingType of eighteen numbers such as 0.0.2.4.1.2.12.0.0.0.0.0.0.0.0.3.72.0";

    /// <summary>False where the text is no ReadingType.</summary>
    public static bool TryParse(string text, out CimReadingType type)
    {
        type = default;
        Span<int> n = stackalloc int[Numbers];
        var parts = text.Split('.');
        if (parts.Length != Numbers)
        {
            return false;
        }

        for (var i = 0; i < Numbers; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out n[i]))
            {
                return false;
            }
        }

        // Phases: none said, or all three together.
        var isPlain = n[1] == 0 && n[5] is 1 or 2 && n[6] == Energy && n[14] is 0 or 224 && Math.Abs(n[15]) <= MultiplierMax && n[16] == WattHours;
        var minutes = Minutes(n[2]);
        var isInterval = n[3] == 4 && n[0] == 0 && minutes > 0;
        var register = (n[4], n[11]) switch
        {
            (Forward, >= 0 and <= RegisterCodes.RatesMax) => (RegisterKind)n[11],
            (Reverse, 0) => RegisterKind.Export,
            _ => (RegisterKind?)null,
        };
        type = isPlain && register is { } known && (isInterval || n[3] is 1 or 3 or 9)
            ? new CimReadingType(true, known, isInterval, isInterval ? minutes * 60_000 : 0, PowerOfTen(n[15]) * 1_000m)
            : default;
        return true;
    }

    /// <summary>Minutes of a measuring period; 0 where it has none.</summary>
    private static int Minutes(int measuringPeriod) => measuringPeriod switch
    {
        1 => 10,
        2 => 15,
        3 => 1,
        4 => 24 * 60,
        5 => 30,
        6 => 5,
        7 => 60,
        10 => 2,
        14 => 3,
        31 => 20,
        _ => 0,
    };

    /// <summary>Ten to a power from -9 to 9.</summary>
    public static decimal PowerOfTen(int power)
    {
        var result = 1m;
        for (var i = 0; i < Math.Abs(power); i++)
        {
            result *= power > 0 ? 10m : 0.1m;
        }

        return result;
    }
}
