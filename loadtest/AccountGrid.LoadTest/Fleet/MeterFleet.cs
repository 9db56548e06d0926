using System.Buffers.Text;
using System.Text;

namespace AccountGrid.LoadTest.Fleet;

/// <summary>What a fleet is made of. The same numbers and seed give the same readings.</summary>
/// <param name="First">Number of the first meter of this process's part.</param>
/// <param name="Meters">Meters of this part.</param>
/// <param name="IntervalMs">Time between readings of a meter; 15 minutes or a divisor of it.</param>
/// <param name="StartMs">Instant of installation, on an interval's border, UTC ms.</param>
/// <param name="Prefix">Begins every id, so that several fleets can live in one grid.</param>
public sealed record FleetOptions(int First, int Meters, int IntervalMs, long StartMs, int Seed, string Prefix, LoadTariff Tariff, LoadCurve Curve, int PerGateway = 200);

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

/// <summary>NDJSON lines of readings, written as bytes.</summary>
public sealed class LineBuffer
{
    private const int LineBytesMax = 96;
    private byte[] _bytes = new byte[16 << 10];
    private byte[] _head = [];
    private string _prefix = "";

    public int Length { get; private set; }

    public int Lines { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => (Length, Lines) = (0, 0);

    public void Add(string prefix, int number, long timeMs, long wh)
    {
        if (!ReferenceEquals(prefix, _prefix))
        {
            (_prefix, _head) = (prefix, Encoding.UTF8.GetBytes($"{{\"meter\":\"{prefix}M"));
        }

        Reserve(LineBytesMax);
        var to = _bytes.AsSpan(Length);
        _head.CopyTo(to);
        var at = _head.Length;
        for (var (i, rest) = (6, number); i >= 0; i--, rest /= 10)
        {
            to[at + i] = (byte)('0' + (rest % 10));
        }

        at += 7;
        at += Put(to[at..], "\",\"ts\":"u8);
        Utf8Formatter.TryFormat(timeMs, to[at..], out var written);
        at += written;
        at += Put(to[at..], ",\"value\":"u8);
        Utf8Formatter.TryFormat(wh, to[at..], out written);
        at += written;
        at += Put(to[at..], "}\n"u8);
        Length += at;
        Lines++;
    }

    /// <summary>Moves lines to another buffer: the one of this number, from 0, and every so many-th behind it.</summary>
    public void Withhold(int first, int every, LineBuffer into)
    {
        var kept = 0;
        var number = 0;
        for (var at = 0; at < Length; number++)
        {
            var size = _bytes.AsSpan(at, Length - at).IndexOf((byte)'\n') + 1;
            if (number >= first && (number - first) % every == 0)
            {
                into.Append(_bytes.AsSpan(at, size), 1);
                Lines--;
            }
            else
            {
                _bytes.AsSpan(at, size).CopyTo(_bytes.AsSpan(kept));
                kept += size;
            }

            at += size;
        }

        Length = kept;
    }

    /// <summary>Copies lines, by their numbers from 0, to another buffer.</summary>
    public void CopyTo(IReadOnlySet<int> numbers, LineBuffer into)
    {
        var number = 0;
        for (var at = 0; at < Length; number++)
        {
            var size = _bytes.AsSpan(at, Length - at).IndexOf((byte)'\n') + 1;
            if (numbers.Contains(number))
            {
                into.Append(_bytes.AsSpan(at, size), 1);
            }

            at += size;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes, int lines)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
        Lines += lines;
    }

    private void Reserve(int size)
    {
        if (Length + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        }
    }

    private static int Put(Span<byte> to, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to);
        return text.Length;
    }
}
