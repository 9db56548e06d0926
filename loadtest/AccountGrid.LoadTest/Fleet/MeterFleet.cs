namespace AccountGrid.LoadTest.Fleet;

/// <summary>
/// The simulated meters: their registers as generated so far, and what is known to be accepted, by rate and month. A few bytes a meter, so that millions
/// fit beside the grid. A meter belongs to one gateway and is only touched by whoever holds that gateway.
/// </summary>
public sealed class MeterFleet(FleetOptions options)
{
    private readonly int[] _registers = new int[options.Meters];
    private readonly Dictionary<int, int[]> _months = [];
    private readonly HashSet<int> _leftOut = [];

    /// <summary>Register at installation, Wh: not zero, so that a grid that charges it would be found out.</summary>
    public const int StartWh = 1_000;

    public FleetOptions Options { get; } = options;

    public int Gateways => (Options.Meters + Options.PerGateway - 1) / Options.PerGateway;

    public string AccountId(int meter) => $"{Options.Prefix}A{Options.First + meter:0000000}";

    public string MeterId(int meter) => $"{Options.Prefix}M{Options.First + meter:0000000}";

    public string GatewayId(int gateway) => $"{Options.Prefix}G{(Options.First / Options.PerGateway) + gateway:00000}";

    public (int From, int To) MetersOf(int gateway) => (gateway * Options.PerGateway, Math.Min(Options.Meters, (gateway + 1) * Options.PerGateway));

    public long TimeOf(int round) => Options.StartMs + ((round + 1L) * Options.IntervalMs);

    /// <summary>What a gateway's meters have come to is no longer known.</summary>
    public void LeaveOut(int gateway)
    {
        lock (_leftOut)
        {
            _leftOut.Add(gateway);
        }
    }

    public bool IsLeftOut(int meter)
    {
        lock (_leftOut)
        {
            return _leftOut.Contains(meter / Options.PerGateway);
        }
    }

    /// <summary>Energy known to be accepted of a meter, Wh.</summary>
    public long AcceptedWh(int meter)
    {
        long sum = 0;
        foreach (var month in _months.Values)
        {
            for (var rate = 0; rate < Options.Tariff.Rates; rate++)
            {
                sum += month[(meter * Options.Tariff.Rates) + rate];
            }
        }

        return sum;
    }

    /// <summary>What the accepted energy of a meter costs.</summary>
    public decimal Charge(int meter) => _months.Values.Sum(m => Options.Tariff.Charge(m.AsSpan(meter * Options.Tariff.Rates, Options.Tariff.Rates)));

    /// <summary>Last generated register, Wh.</summary>
    public long RegisterOf(int meter) => StartWh + _registers[meter];

    /// <summary>Generates a round of a gateway's meters: their lines, and their energy for <see cref="Accept"/>.</summary>
    /// <param name="driftMs">How far the gateway's meters are ahead; less than 0 is behind.</param>
    /// <param name="energy">One value per meter of the gateway, Wh.</param>
    public void Generate(int gateway, int round, int driftMs, LineBuffer lines, Span<int> energy)
    {
        var (from, to) = MetersOf(gateway);
        var end = TimeOf(round);
        var hour = LoadTariff.HourOf(end - Options.IntervalMs);
        for (var meter = from; meter < to; meter++)
        {
            var number = Options.First + meter;
            var mean = (long)Options.Curve.WattsAt(LoadCurve.ClassOf(number), hour) * Options.IntervalMs;
            var noise = Noise(number, round) & 1023;
            var wh = (int)(((mean * (512 + noise)) / 1024 / 3_600_000) + (noise & 1));
            energy[meter - from] = wh;
            _registers[meter] += wh;
            lines.Add(Options.Prefix, number, end + driftMs, StartWh + _registers[meter]);
        }
    }

    /// <summary>Notes that a generated round of a gateway was accepted.</summary>
    public void Accept(int gateway, int round, ReadOnlySpan<int> energy)
    {
        var start = TimeOf(round) - Options.IntervalMs;
        var rate = Options.Tariff.RateAt(start);
        var sums = MonthOf(LoadTariff.MonthOf(start));
        var (from, _) = MetersOf(gateway);
        for (var i = 0; i < energy.Length; i++)
        {
            sums[((from + i) * Options.Tariff.Rates) + rate] += energy[i];
        }
    }

    private int[] MonthOf(int month)
    {
        lock (_months)
        {
            return _months.TryGetValue(month, out var sums) ? sums : _months[month] = new int[Options.Meters * Options.Tariff.Rates];
        }
    }

    private uint Noise(int meter, int round)
    {
        var x = unchecked(((ulong)(uint)Options.Seed << 40) ^ ((ulong)(uint)meter << 20) ^ (uint)round);
        x = unchecked((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9);
        x = unchecked((x ^ (x >> 27)) * 0x94d049bb133111eb);
        return (uint)(x >> 33);
    }
}
