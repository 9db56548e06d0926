using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Commands;

/// <summary>
/// What a silo's state takes: all partitions with so many accounts of one meter each, so many readings in their open day, and the meter directory. This
/// process's own memory is measured.
/// </summary>
internal static class MemoryCost
{
    private const int Partitions = 256;
    private const int IntervalMs = 900_000;

    public static int Run(int meters, int readings, bool withPolicy, int rates, bool withExport)
    {
        var before = Resident();
        var policy = withPolicy ? Pack() : null;
        var tariff = TariffCompiler.Compile(1, LoadTariff.TimeOfUse.Definition() with
        {
            Registers = Registers(rates),
            Export = withExport ? new ExportDefinition { NetMetering = new NetMeteringDefinition { SettledAfter = [12] } } : null,
        }).Tariff!;
        var start = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();
        var routes = new MeterRouteTable();
        var states = new PartitionState[Partitions];
        var took = TimeSpan.Zero;
        for (var p = 0; p < Partitions; p++)
        {
            var numbers = Enumerable.Range(0, (meters - p + Partitions - 1) / Partitions).Select(i => (i * Partitions) + p + 1).ToArray();
            states[p] = Fill(p, numbers, (readings, rates, withExport), tariff, policy, start, ref took);
            foreach (var number in numbers)
            {
                routes.Put(IdHash.Of($"CN{number:000000000000}"), new MeterRoute(number, (short)p, number / 200));
            }
        }

        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var bytes = Resident() - before;
        var folded = (long)meters * readings * (1 + rates + (withExport ? 1 : 0));
        var registers = rates > 0 ? $"{rates} rate registers and 1.8.0, " : "";
        registers += withExport ? "2.8.0 under net metering, " : "";
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{meters:N0} meters with their accounts, {(withPolicy ? "policies, " : "")}{registers}{readings} readings in the open day: "
                    + $"{(double)bytes / meters:0} bytes each ({bytes / 1048576.0:N0} MB resident), {states.Sum(s => s.UnpackedCount):N0} not packed"));
        if (folded > 0)
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"folded {folded / took.TotalSeconds:N0} readings a second on one thread, first readings and days included; "
                        + $"{took.TotalSeconds * 1e9 / folded:0} ns each"));
        }

        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"stored {states.Sum(s => s.TakeDirtyPages().Sum(p => (long)p.States.Length)) / (double)meters:0} bytes each"));
        GC.KeepAlive(routes);
        return 0;
    }

    private static PartitionState Fill(int partition, int[] numbers, (int Readings, int Rates, bool Export) meters, Tariff tariff, Policy? policy, long start,
        ref TimeSpan took)
    {
        var state = new PartitionState(partition, _ => tariff);
        var fold = new PartitionFold(state, _ => tariff, (_, _) => policy);
        var effects = new Effects();
        foreach (var number in numbers)
        {
            fold.Apply(new OpenAccount(number, $"A{number}", 1, PaymentMode.Prepaid, tariff.Calendar.DayOf(start), 0, false, [new(5_000_000_000)]),
                state.Position,
                start, effects);
            if (policy is not null)
            {
                fold.Apply(new SetCustomer(number, 1, CustomerClass.Residential, CustomerTraits.None, "form 7"), state.Position, start, effects);
            }

            fold.Apply(new TakePayment(number, new(100_000_000_000), "bank", null), state.Position, start, effects);
            fold.Apply(new InstallMeter(number, number, new MeterRating(20_000, 0, IntervalMs), start, 0, meters.Rates == 0 ? null : new long[meters.Rates],
                meters.Export ? 0 : null), state.Position, start, effects);
            if (number % 1_000 < Partitions)
            {
                state.Pack();
                effects = new Effects();
            }
        }

        var registers = new int[numbers.Length];
        var began = TimeProvider.System.GetTimestamp();
        for (var round = 1; round <= meters.Readings; round++)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                registers[i] += 50 + unchecked((int)((uint)((numbers[i] * 2654435761u) + ((uint)round * 40503u)) >> 24));
                foreach (var register in RegistersOf(meters.Rates, meters.Export))
                {
                    var value = registers[i] / PartsOf(register, meters.Rates);
                    fold.Apply(
                        new Reading(numbers[i], register, start + ((long)round * IntervalMs), value, ReadingQuality.None, 0), state.Position,
                        start + ((long)round * IntervalMs), effects);
                }

                if ((meters.Rates > 0 || meters.Export) && i % 64 == 63)
                {
                    // As a gateway's batch is folded: its accounts are packed again behind it.
                    state.Pack();
                }
            }

            state.Pack();
            if (round == 1)
            {
                // As a silo writes its states every few minutes: room that a meter's first forms left is given back.
                state.TakeDirtyPages();
            }
        }

        took += TimeProvider.System.GetElapsedTime(began);
        return state;
    }

    /// <summary>What a meter sends: 1.8.0, its rate registers, and 2.8.0.</summary>
    private static RegisterKind[] RegistersOf(int rates, bool export) =>
        [.. Enumerable.Range(0, rates + 1).Select(i => (RegisterKind)i), .. export ? [RegisterKind.Export] : Array.Empty<RegisterKind>()];

    private static int PartsOf(RegisterKind register, int rates) => register switch { RegisterKind.Import => 1, RegisterKind.Export => 2, _ => rates };

    private static Dictionary<string, string> Registers(int rates) =>
        Enumerable.Range(0, rates).ToDictionary(i => RegisterCodes.Of(RegisterCodes.RateAt(i)), i => LoadTariff.TimeOfUse.Names[i]);

    /// <summary>The pack of prepaid households that the grid comes with.</summary>
    private static Policy Pack() => PolicyCompiler.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Policies", "cn-residential.json"))).Policy
        ?? throw new InvalidOperationException("The pack cn-residential cannot be read.");

    private static long Resident() => ProcessUsage.Of(Environment.ProcessId).ResidentBytes;
}
