using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>What closed days of meters that measure export add to the closed sums of periods.</summary>
internal static class ExportBooking
{
    /// <summary>Adds a day's energy by rate: exported, or imported where export is taken off it.</summary>
    /// <param name="tariff">The day's.</param>
    /// <param name="day">The day, whose plan may have intervals in place of rates.</param>
    /// <param name="rateWh">Null where none is kept.</param>
    /// <param name="sign">-1 takes it off.</param>
    public static void Add(ref Sums closed, MeterState line, Tariff tariff, int day, long[]? rateWh, int sign)
    {
        var isExport = line.Register == RegisterKind.Export;
        if (rateWh is not null && (isExport
            || (line is { IsNetted: true, IsCharged: true } && RegisterCodes.IsImport(line.Register) && tariff.Export is { IsNet: true })))
        {
            var byRate = new long[tariff.RateCount];
            for (var i = 0; i < rateWh.Length; i++)
            {
                byRate[tariff.RateIndexOf(day, i)] += rateWh[i];
            }

            closed.ByRate = RateSums.Add(closed.ByRate, isExport, byRate, sign);
        }
    }

    /// <summary>Tells, once for each installation, of exported energy that the day's tariff credits nothing for, until a day of one that does.</summary>
    public static void Note(FoldContext context, AccountState account, MeterState line, Tariff tariff, DayRow row)
    {
        if (line.Register != RegisterKind.Export || row.Energy.Wh == 0)
        {
            return;
        }

        if (tariff.Export is not null)
        {
            if (row.Key.Day > account.OpenedDay && account.TariffOf(row.Key.Day - 1).Export is null)
            {
                ReadingExceptions.Resolve(context, line, account, new Point(line.FromMs, line.Last.ValueWh), VeeOutcome.ExportNotCredited);
            }
        }
        else
        {
            ReadingExceptions.Raise(context, line, account, new Point(line.FromMs, line.Last.ValueWh), VeeOutcome.ExportNotCredited, 0,
                "The account's tariff does not say what exported energy is worth: it is kept with the meter's days and credited nothing.");
        }
    }
}
