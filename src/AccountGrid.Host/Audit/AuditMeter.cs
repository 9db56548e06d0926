using AccountGrid.Domain;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Which meter a line is of.</summary>
/// <param name="SupplyPoint">Number of the first meter of its place: one that replaced another is at the same.</param>
/// <param name="Meter">Number and time on accounts, so that a meter that comes back is another.</param>
/// <param name="HasReactive">Whether it measures 3.8.0.</param>
/// <param name="UntilMs">End of its time on the account, UTC ms.</param>
internal sealed record AuditMeter(int SupplyPoint, (int Number, int Assignment) Meter, bool HasReactive, long UntilMs)
{
    /// <summary>The meter of a line.</summary>
    public static AuditMeter Of(MeterState line) =>
        new(line.SupplyPoint, (line.Number, line.Assignment), line.MeasuresReactive || line.Register == RegisterKind.Reactive, line.UntilMs);
}
