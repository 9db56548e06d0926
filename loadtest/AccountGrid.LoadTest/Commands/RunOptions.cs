using System.Globalization;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Commands;

/// <summary>What a run does; each option of the command line is one of these.</summary>
public sealed record RunOptions
{
    public int Meters { get; init; } = 10_000;

    /// <summary>Seconds of measured load.</summary>
    public double Seconds { get; init; } = 60;

    /// <summary>Seconds before it, not measured: code is compiled and caches fill.</summary>
    public double WarmUpSeconds { get; init; } = 5;

    /// <summary>Seconds between readings of a meter; divides a quarter of an hour.</summary>
    public int IntervalSeconds { get; init; } = 60;

    /// <summary>Times real time; 0 is a closed loop at full speed.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>When the load begins, so that several processes begin together; null is as soon as all is registered.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Batches under way at once in a closed loop.</summary>
    public int Senders { get; init; } = 16;

    /// <summary>Readings of each meter in a batch of a closed loop.</summary>
    public int Backlog { get; init; } = 1;

    public string Tariff { get; init; } = "tou";

    /// <summary>Interval file whose hourly shape the customers take; null is the built-in curves.</summary>
    public string? ShapeFile { get; init; }

    public int Seed { get; init; } = 1;

    public string Prefix { get; init; } = "L";

    /// <summary>This process's part of the fleet, from 1, and of how many.</summary>
    public (int Number, int Of) Part { get; init; } = (1, 1);

    /// <summary>One account of so many has a low-balance level that it will cross; 0 is none.</summary>
    public int NoticeEvery { get; init; } = 500;

    public GatewayFaults Faults { get; init; } = GatewayFaults.None;

    public ProbeOptions Probes { get; init; } = new(20, 2, 20, 10);

    public IReadOnlyList<PlannedFault> Schedule { get; init; } = [];

    public int Silos { get; init; } = 1;

    /// <summary>Addresses of a grid that runs; empty starts one here.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    public string? Key { get; init; }

    /// <summary>Folder of a local grid's data; null is a temporary one.</summary>
    public string? Data { get; init; }

    /// <summary>Settings of a local grid's processes, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> GridSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Skips the books: only for runs that compare speeds and check them otherwise.</summary>
    public bool NoBooks { get; init; }

    public string Report { get; init; } = "load-report";

    public bool IsOpenLoop => Speed > 0;

    /// <summary>The rate is searched for: <see cref="Speed"/> says nothing of how fast time will go.</summary>
    public bool IsSearch { get; init; }

    /// <summary>What the seven digits of an id can count.</summary>
    private const int MetersMax = 10_000_000;

    private const int MetersPerGateway = 200;

    /// <summary>The fleet, installed so long before the first due reading that a closed loop has time to run through.</summary>
    public FleetOptions FleetOf(TimeProvider time)
    {
        var interval = IntervalSeconds * 1000;
        var perPart = (Meters / Part.Of / MetersPerGateway * MetersPerGateway) is > 0 and var whole ? whole : Meters;
        var first = (Part.Number - 1) * perPart;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();

        // What is faster than time has its readings in the past, an interval apart. It begins at yesterday's local midnight: it meets every rate, and no day
        // closes under it.
        const long Day = 86_400_000;
        const long Zone = 8 * 3_600_000;
        var start = IsOpenLoop && Speed <= 1 && !IsSearch ? now / 900_000 * 900_000 - 900_000 : ((((now + Zone) / Day) - 1) * Day) - Zone;
        var count = Part.Number == Part.Of ? Meters - first : perPart;
        return new FleetOptions(first, count, interval, start, Seed, Prefix, LoadTariff.Find(Tariff)!,
            ShapeFile is null ? LoadCurve.Standard : LoadCurve.FromFile(ShapeFile));
    }

    /// <summary>Seconds of the fleet's readings that lie in the past.</summary>
    public double PastSeconds(TimeProvider time) => ((time.GetUtcNow().ToUnixTimeMilliseconds() - FleetOf(time).StartMs) / 1000.0) - (2 * IntervalSeconds);

    /// <summary>The first thing that is wrong, in one line; null if nothing is.</summary>
    public string? Check() =>
        Meters is < 1 or > MetersMax ? string.Create(CultureInfo.InvariantCulture, $"--meters: {Meters} is not 1 to {MetersMax:N0}: an id has seven digits.")
        : IntervalSeconds is < 1 or > 900 || 900 % IntervalSeconds != 0 ? $"--interval: {IntervalSeconds} does not divide 900 seconds."
        : Seconds <= 0 ? $"--seconds: {Seconds} is not more than 0."
        : Speed < 0 ? $"--speed: {Speed} is not 0 or more."
        : Backlog is < 1 or > 50 ? $"--backlog: {Backlog} is not 1 to 50."
        : LoadTariff.Find(Tariff) is null ? $"--tariff: '{Tariff}' is neither flat nor tou."
        : Part.Number < 1 || Part.Of < Part.Number ? $"--part: {Part.Number}/{Part.Of} is not NUMBER/OF."
        : Part.Of > 1 && Meters / Part.Of < MetersPerGateway ? $"--part: {Meters} meters are no {Part.Of} parts of a gateway's {MetersPerGateway} or more."
        : Faults.LinkLoss > 0 && !IsOpenLoop ? "--link-loss: at full speed (--speed 0) no gateway has a schedule to fall behind of."
        : Urls.Count > 0 && Key is null ? "--key: a grid that runs needs an administrator's key."
        : Urls.Count > 0 && Schedule.Count > 0 ? "--fault: faults are only done to a grid that the tester starts itself."
        : Schedule.FirstOrDefault(f => f.At.TotalSeconds >= Seconds) is { } late
        ? string.Create(CultureInfo.InvariantCulture, $"--fault: at {late.At.TotalSeconds} s the run of {Seconds} s is over.")
        : Schedule.FirstOrDefault(f => f.Silo >= Silos) is { } f ? $"--fault: there is no silo {f.Silo}; there are {Silos}, counted from 0."
        : ShapeFile is not null && !File.Exists(ShapeFile) ? $"--shape: {ShapeFile} is not there."
        : null;
}
