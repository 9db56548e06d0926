using System.Globalization;
using System.Text;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>A value as a line of <c>POST /v1/readings</c>, in thousandths of a Wh.</summary>
internal static class ReadingLine
{
    private static readonly (ReadingQuality Flag, string Name)[] Names =
    [
        (ReadingQuality.Manual, "manual"), (ReadingQuality.Edited, "edited"), (ReadingQuality.Estimated, "estimated"),
        (ReadingQuality.Questionable, "questionable"), (ReadingQuality.Derived, "derived"), (ReadingQuality.Projected, "projected"),
        (ReadingQuality.ClockSuspect, "1.1.9"), (ReadingQuality.PowerFail, "1.2.0"), (ReadingQuality.Rollover, "1.4.1"),
        (ReadingQuality.RegisterReset, "1.4.8"), (ReadingQuality.Test, "1.4.5"),
    ];

    public static void Append(StringBuilder to, string meter, in PlacedValue value)
    {
        var (register, point) = value;
        to.Append("{\"meter\":\"").Append(JsonEncodedText.Encode(meter).Value).Append('"');
        if (register != RegisterKind.Import)
        {
            to.Append(",\"obis\":\"").Append(RegisterCodes.Of(register)).Append('"');
        }

        to.Append(CultureInfo.InvariantCulture, $",\"ts\":{point.TimeMs},\"value\":{point.MilliWh},\"scale\":-3");
        if (point.Quality != ReadingQuality.None)
        {
            to.Append(",\"q\":[").AppendJoin(',', Names.Where(n => (point.Quality & n.Flag) != 0).Select(n => $"\"{n.Name}\"")).Append(']');
        }

        to.Append("}\n");
    }
}
