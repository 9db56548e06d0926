using System.Text.Json.Serialization;

namespace AccountGrid.Host.Events;

/// <summary>An entry of the ledger as its row has it. Amounts that are 0 are left out of events, but for the amount and the balance.</summary>
internal sealed record EntryBooked(
    string Kind, long AmountNano, [property: JsonPropertyName("balance_nano")] long LedgerBalanceNano, DateOnly? Day, long? CorrectsPosition, long? EnergyNano,
    long? TiersNano, long? StandingNano, long? TaxNano, long? LeviesNano, long? ExportNano, long? CapacityNano, long? PowerFactorNano, string? Reference)
{
    public EntryBooked WithoutZeros() => this with
    {
        EnergyNano = Some(EnergyNano),
        TiersNano = Some(TiersNano),
        StandingNano = Some(StandingNano),
        TaxNano = Some(TaxNano),
        LeviesNano = Some(LeviesNano),
        ExportNano = Some(ExportNano),
        CapacityNano = Some(CapacityNano),
        PowerFactorNano = Some(PowerFactorNano),
    };

    private static long? Some(long? nano) => nano is 0 ? null : nano;
}
