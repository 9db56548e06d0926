namespace AccountGrid.Contracts;

/// <summary>A meter whose readings have stopped.</summary>
/// <param name="Place">Of its account in the partition; with the meter's number it is where a list goes on.</param>
/// <param name="Meter">The grid's number of the meter.</param>
/// <param name="Account">The grid's number of the account that it is on.</param>
/// <param name="LastMs">Time of its last reading, UTC ms.</param>
/// <param name="LastWh">Its register then, Wh.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.SilentMeterView")]
public readonly record struct SilentMeterView(
    [property: Id(0)] int Place, [property: Id(1)] int Meter, [property: Id(2)] int Account, [property: Id(3)] long LastMs, [property: Id(4)] long LastWh);
