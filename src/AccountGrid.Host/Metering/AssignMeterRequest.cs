namespace AccountGrid.Host.Metering;

/// <param name="Account">The account it goes to; the one it is on, where only <paramref name="ChargedBy"/> changes.</param>
/// <param name="At">The instant of the move, with its offset from UTC, not before the new account's first day: readings up to it belong to the old account,
/// later ones to the new.</param>
/// <param name="RegisterWh">1.8.0 then; the last value known at that instant if absent.</param>
/// <param name="RateRegistersWh">The rate registers then, 1.8.1 first, of a meter that is charged by them before or after; the last values known at that
/// instant if absent.</param>
/// <param name="ChargedBy">What it is charged by from then on: total is 1.8.0, rates is its rate registers. As before if absent. A change needs the values of
/// 1.8.0 and of the rate registers.</param>
/// <param name="ExportWh">2.8.0 then, of a meter that measures export before or after; the last value known at that instant if absent.</param>
/// <param name="MeasuresExport">Whether it measures export from then on; as before if absent. A change to true needs <paramref name="ExportWh"/>.</param>
/// <param name="ReactiveVarh">3.8.0 then, of a meter that measures reactive energy before or after; the last value known at that instant if absent.</param>
/// <param name="MeasuresReactive">Whether it does from then on; as before if absent. A change to true needs <paramref name="ReactiveVarh"/>.</param>
/// <param name="Ratio">Ratio of the transformers at its new place, a decimal string such as 60; as before if absent. A meter from the stock that was at
/// transformers before needs it, 1 where there are none.</param>
public sealed record AssignMeterRequest(string Account, DateTimeOffset At, long? RegisterWh = null, IReadOnlyList<long>? RateRegistersWh = null,
    string? ChargedBy = null, long? ExportWh = null, bool? MeasuresExport = null, long? ReactiveVarh = null,
    bool? MeasuresReactive = null, string? Ratio = null);
