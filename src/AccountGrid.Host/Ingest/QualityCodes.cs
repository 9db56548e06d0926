using System.Globalization;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Ingest;

/// <summary>Quality names (IEEE 2030.5's flags) and the CIM codes (IEC 61968-9 system.category.index) that map to the grid's flags.</summary>
public static class QualityCodes
{
    public static bool TryParse(string text, ref ReadingQuality quality)
    {
        var flag = text switch
        {
            "valid" => ReadingQuality.Valid,
            "manual" => ReadingQuality.Manual,
            "edited" => ReadingQuality.Edited,
            "estimated" => ReadingQuality.Estimated,
            "questionable" => ReadingQuality.Questionable,
            "derived" => ReadingQuality.Derived,
            "projected" => ReadingQuality.Projected,
            _ => OfCim(text),
        };
        quality |= flag;
        return flag != ReadingQuality.None;
    }

    private static ReadingQuality OfCim(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 3 || !parts.All(p => ushort.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return ReadingQuality.None;
        }

        return (parts[1], parts[2]) switch
        {
            ("0", _) => ReadingQuality.Valid,
            ("1", "9") or ("4", "9") => ReadingQuality.ClockSuspect,
            ("2", _) => ReadingQuality.PowerFail,
            ("4", "1") => ReadingQuality.Rollover,
            ("4", "8") => ReadingQuality.RegisterReset,
            ("4", "5") => ReadingQuality.Test,
            ("4", "131") => ReadingQuality.Manual,
            ("7", _) => ReadingQuality.Edited,
            ("8", _) => ReadingQuality.Estimated,
            ("11", _) => ReadingQuality.Derived,
            ("12", _) => ReadingQuality.Projected,
            // What category 4 says else is the bookkeeping of collecting data (5.4.260 and its like): no word on the value.
            ("4", _) => ReadingQuality.Valid,
            ("1" or "3" or "5" or "6" or "10", _) => ReadingQuality.Questionable,
            _ => ReadingQuality.None,
        };
    }
}
