using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.Benchmarks;

/// <summary>One partition in memory with so many accounts of a meter each, on the load tester's tariff: three rates by the hour, monthly tiers, tax.</summary>
internal sealed class Town
{
    public const int IntervalMs = 60_000;

    private readonly Effects _effects = new();
    private readonly int[] _registers;
    private readonly Reading[] _round;
    private int _rounds;

    public Town(int meters, bool packs)
    {
        Meters = meters;
        Tariff = TariffCompiler.Compile(1, LoadTariff.TimeOfUse.Definition()).Tariff!;
        State = new PartitionState(0, _ => Tariff, packs);
        Fold = new PartitionFold(State, _ => Tariff);
        _registers = new int[meters];
        _round = new Reading[meters];
        for (var m = 1; m <= meters; m++)
        {
            Apply(new OpenAccount(m, $"A{m}", 1, PaymentMode.Prepaid, Tariff.Calendar.DayOf(StartMs), 0, false, [new(5_000_000_000)]));
            Apply(new TakePayment(m, new(1_000_000_000_000), "bank", null));
            Apply(new InstallMeter(m, m, new MeterRating(20_000, 0, IntervalMs), StartMs, 0));
        }

        State.Pack();
    }

    /// <summary>Begins at a local midnight of the first of a month.</summary>
    public static long StartMs { get; } = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    public int Meters { get; }

    public Tariff Tariff { get; }

    public PartitionState State { get; }

    public PartitionFold Fold { get; }

    /// <summary>The next reading of each meter.</summary>
    public Reading[] NextRound()
    {
        _rounds++;
        for (var m = 0; m < Meters; m++)
        {
            _registers[m] += 5 + unchecked((int)((uint)((m + 1) * 2654435761u + (uint)_rounds * 40503u) >> 29));
            _round[m] = new Reading(m + 1, RegisterKind.Import, StartMs + ((long)_rounds * IntervalMs), _registers[m], ReadingQuality.None, 0);
        }

        return _round;
    }

    public void FoldRound(Reading[] readings)
    {
        foreach (ref readonly var reading in readings.AsSpan())
        {
            Fold.Apply(reading, State.Position, reading.TimeMs, _effects);
        }

        State.Pack();
    }

    private void Apply(GridCommand command) => Fold.Apply(command, State.Position, StartMs, new Effects());
}
