using AccountGrid.Domain;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Energy and money of each account from its points, closed days and open ones, against what its state says. Sums are added up in the report.
/// </summary>
internal sealed class AuditBooks(AuditDefinitions definitions, AuditReport report)
{
    private readonly HashSet<int> _live = [];

    /// <param name="days">Closed days by meter and assignment.</param>
    /// <param name="exceptions">The queue of exceptions; null where it and the states do not stand at one position.</param>
    /// <param name="seen">Takes the points of each register.</param>
    public void Audit(AuditAccountRow row, ILookup<(int, int), DayRow> days, AuditExceptions? exceptions,
        Dictionary<(int, int, RegisterKind), List<Point>> seen)
    {
        // The packed state tells which points are open, and particulars that only commands carry; sums in it are not used.
        var state = row.State;
        var closedDays = state.Meters.SelectMany(m => days[(m.Number, m.Assignment)]).ToList();
        var books = AuditPricedDays.BooksOf(state, closedDays, definitions.Tariffs, report.Differences);
        var openDay = DateOnly.FromDayNumber(state.OpenedDay);
        books.AddStandingDays(openDay, DateOnly.FromDayNumber(Math.Max(state.OpenedDay - 1, state.StandingThroughDay)));
        decimal rows = 0;
        foreach (var meter in state.Lines)
        {
            var closed = days[(meter.Number, meter.Assignment)].Where(d => d.Key.Register == meter.Register).OrderBy(d => d.Key.Day).ToList();
            rows += meter.Register == RegisterKind.Export ? 0 : closed.Sum(d => Units(d.Base.Nano));
            AddLine(row, meter, closed, books, exceptions, seen);
        }

        report.Differences.AddRange(AuditDays.Differences(state, closedDays, definitions.Tariffs).Select(d => $"account {row.Account}: {d}"));
        report.Accounts++;
        report.EnergyInWh += books.ChargedWh + books.HeldWh;
        report.EnergyChargedWh += row.ChargedWh;
        report.EnergyHeldWh += row.HeldWh;
        report.MoneyCharged += Units(row.ChargedNano);
        report.MoneyCredited += Units(row.CreditNano);
        report.Balances += Units(row.BalanceNano);
        MeetState(row, books, rows);
    }

    public async Task AuditLooseAsync(NpgsqlConnection connection, int partition)
    {
        foreach (var (held, state) in await AuditQuery.ReadAsync(connection, "select held_wh, state from loose_meter_state where partition = $1",
            r => (r.GetInt64(0), (byte[])r[1]), partition))
        {
            report.Meters++;
            report.EnergyHeldWh += held;
            report.EnergyInWh += held;
            foreach (var meter in StateCodec.DecodeLoose(state))
            {
                report.Same(0, $"energy of loose meter {meter.Number}",
                    meter.ChargedLines.Sum(l => AuditLine.Judge(meter.Rating, l.Tail, l.Last).Wh), meter.TotalHeld.Wh);
            }
        }
    }

    private void AddLine(AuditAccountRow row, MeterState meter, List<DayRow> closed, AuditAccount books, AuditExceptions? exceptions,
        Dictionary<(int, int, RegisterKind), List<Point>> seen)
    {
        report.Meters += meter.Register == RegisterKind.Import ? 1 : 0;
        if (meter.Register == RegisterKind.Import && meter.UntilMs == long.MaxValue && !_live.Add(meter.Number))
        {
            report.Differences.Add($"account {row.Account}: meter {meter.Number} is in use on another account too");
        }

        if (meter.FirstPosition == 0 && meter.Reopened is { Count: > 0 } reopened)
        {
            report.Differences.Add(
                $"account {row.Account}: meter {meter.Number}'s {Instants.DayToText(reopened[0].Day)} was opened again and will never be booked");
        }

        var points = PointsOf(meter, closed, row.Account);
        seen[(meter.Number, meter.Assignment, meter.Register)] = points;
        var held = books.AllHeld;
        var line = AuditLine.Of(meter.Rating, points);
        books.Add(meter.Rating, line, meter.Rates is null ? meter.Register : null, meter.IsNetted, AuditMeter.Of(meter));
        report.Differences.AddRange(AuditDays.Miscounted(points, line).Select(d => $"account {row.Account}: meter {meter.Number}'s {d}"));
        if (exceptions is not null)
        {
            // The queue is an effect: it can be compared only where effects and states stand at one position.
            var queued = exceptions.HeldAt(row.Account, meter.Number, meter.Register, points.Skip(1));
            report.Same(row.Account, $"energy of meter {meter.Number} held in the exception queue", books.AllHeld - held, queued);
        }

        report.Readings += points.Count - 1;
    }

    /// <param name="rows">Energy money of the closed days, units.</param>
    private void MeetState(AuditAccountRow row, AuditAccount books, decimal rows)
    {
        var state = row.State;
        report.Same(row.Account, "energy charged", books.ChargedWh, row.ChargedWh);
        report.Same(row.Account, "energy held", books.HeldWh, row.HeldWh);
        report.Same(row.Account, "energy exported", books.ExportedWh, state.Meters.Sum(m => m.Export?.Charged.Wh ?? 0));
        report.Same(row.Account, "exported energy held", books.ExportHeldWh, state.Meters.Sum(m => m.Export?.Held.Wh ?? 0));
        if (state.Settled == WideMoney.Zero)
        {
            report.Same(row.Account, "money charged", books.Charge(), Units(row.ChargedNano));
            report.Same(row.Account, "energy money of closed days", rows,
                state.Periods.Sum(p => Units((decimal)p.Closed.Base.Nano)) - state.Meters.SelectMany(m => m.ImportLines)
                    .Sum(m => m.Reopened?.Sum(b => Units(b.Base.Nano)) ?? 0));
        }

        report.Same(row.Account, "balance", row.CreditNano - row.ChargedNano, row.BalanceNano);
    }

    /// <summary>All points of a meter's time on an account: from its closed days, then from what is open.</summary>
    private List<Point> PointsOf(MeterState meter, List<DayRow> closed, int account)
    {
        var points = new List<Point>();
        foreach (var day in closed.Where(d => d.Points.Count > 0))
        {
            if (points.Count == 0)
            {
                points.Add(day.Before);
            }
            else if (!Continues(points, day.Before))
            {
                report.Differences.Add($"account {account}: meter {meter.Number}'s {Instants.DayToText(day.Key.Day)} does not continue the day before it");
            }

            points.AddRange(day.Points.Unpack(day.Before));
        }

        if (points.Count == 0)
        {
            points.Add(meter.Tail);
        }
        else if (!Continues(points, meter.Tail))
        {
            report.Differences.Add($"account {account}: meter {meter.Number}'s open days do not continue its closed ones");
        }

        points.AddRange(meter.Open.ToList());
        if (points[0].TimeMs != meter.FromMs)
        {
            report.Differences.Add(
                $"account {account}: meter {meter.Number}'s points begin at {Instants.ToText(points[0].TimeMs)}, it came at {Instants.ToText(meter.FromMs)}");
        }

        return points;
    }

    /// <summary>What follows is packed behind the last point that counts.</summary>
    private static bool Continues(List<Point> points, Point before) =>
        points.FindLast(p => RegisterLine.Counts(p)) is var last && last.TimeMs == before.TimeMs && last.ValueWh == before.ValueWh;

    private static decimal Units(decimal nano) => nano / Money.NanoPerUnit;
}
