namespace AccountGrid.Contracts;

/// <summary>A meter for the time that it is on one account (0 is none). Registers and energy in Wh, power in W, times in UTC ms.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.MeterView.v1")]
public sealed record MeterView
{
    [Id(0)] public required int Number { get; init; }

    [Id(1)] public required int Assignment { get; init; }

    [Id(2)] public required int Account { get; init; }

    [Id(3)] public required int Partition { get; init; }

    [Id(4)] public required long Position { get; init; }

    [Id(5)] public required long FromMs { get; init; }

    /// <summary>Null while the meter is here.</summary>
    [Id(6)] public long? UntilMs { get; init; }

    [Id(7)] public required long RegisterWh { get; init; }

    [Id(8)] public required long RegisterMs { get; init; }

    [Id(9)] public required long ChargedWh { get; init; }

    /// <summary>Energy held in exceptions; negative where a register fell.</summary>
    [Id(10)] public required long HeldWh { get; init; }

    [Id(11)] public required long CapacityW { get; init; }

    [Id(12)] public required long RegisterWidthWh { get; init; }

    [Id(13)] public required int IntervalMs { get; init; }

    /// <summary>Last values of the rate registers that it is charged by, 1.8.1 first; empty where it is charged by 1.8.0.</summary>
    [Id(14)] public required IReadOnlyList<PointView> RateRegisters { get; init; }

    /// <summary>Last value of 2.8.0; null where the meter does not measure export.</summary>
    [Id(15)] public PointView? Export { get; init; }

    /// <summary>Energy delivered to the grid.</summary>
    [Id(16)] public long ExportedWh { get; init; }

    /// <summary>What of 2.8.0 is held in exceptions.</summary>
    [Id(17)] public long ExportHeldWh { get; init; }

    /// <summary>Last value of 3.8.0, varh; null where the meter does not measure reactive energy.</summary>
    [Id(18)] public PointView? Reactive { get; init; }

    /// <summary>Ratio of its transformers as it came to the account, millionths; 0 is one.</summary>
    [Id(19)] public long RatioMicro { get; init; }

    /// <summary>What has been another since then, in the order of time; null is nothing.</summary>
    [Id(20)] public IReadOnlyList<MeterFactView>? Changes { get; init; }
}
