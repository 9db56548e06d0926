using AccountGrid.Domain.Billing;

namespace AccountGrid.Host.Billing;

/// <summary>What a bill's document is made of beside its facts, as the tables have it.</summary>
/// <param name="Tiers">Lines of tiers; what they leave of the frozen surcharge has a line of its own.</param>
/// <param name="TaxBasisPoints">The one rate of all days that the bill charges or corrects; null where there are several.</param>
/// <param name="Reasons">References of entries by position: why debits were made.</param>
/// <param name="IssuedDay">Local day of the closing.</param>
internal sealed record BillSource(
    BillStatement Statement, IReadOnlyList<BillEnergy> Energy, IReadOnlyList<BillExport> Export, IReadOnlyList<BillLine> Tiers,
    int? TaxBasisPoints, IReadOnlyList<BillMeter> Meters,
    IReadOnlyList<BillMonth> Months, IReadOnlyDictionary<long, string> Reasons, int IssuedDay);
