using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Telegrams of the P1 port of smart meters (DSMR 4 and later, P1 Companion Standard): each from / to ! with its CRC16. Cumulative registers; the meter is its
/// equipment identifier, 0-0:96.1.1. A wrong telegram spoils no other.
/// </summary>
internal sealed partial class P1Reader : IMeterFileReader
{
    public const string Name = "p1";

    /// <summary>Lines of one telegram.</summary>
    private const int LinesMax = 500;

    /// <summary>The zone of times unless the mapping names one; its base offset is that of W (winter), an hour more that of S (summer).</summary>
    private const string Home = "Europe/Amsterdam";

    public string Format => Name;

    public bool IsWhole => false;

    public void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink)
    {
        // One byte is one character, so that the sum can be formed of them.
        using var lines = new LineReader(source.Open(), "iso-8859-1");
        var winter = LocalCalendar.Find(mapping.Zone ?? Home)!.Zone.BaseUtcOffset;
        List<string>? telegram = null;
        var first = 0;
        while (lines.Next() is { } line)
        {
            if (line.StartsWith('/'))
            {
                if (telegram is not null)
                {
                    sink.Refuse(new FileError(first, "telegram", telegram[0], "ended by ! with its CRC before the next begins"));
                }

                (telegram, first) = ([line], lines.Number);
            }
            else if (telegram is not null)
            {
                telegram.Add(line);
                if (line.StartsWith('!'))
                {
                    new Telegram(telegram, first, mapping, winter, sink).Take();
                    telegram = null;
                }
                else if (telegram.Count > LinesMax)
                {
                    sink.Refuse(new FileError(first, "telegram", $"more than {LinesMax} lines", "one telegram"));
                    telegram = null;
                }
            }
            else if (line.Trim().Length > 0)
            {
                sink.Refuse(new FileError(lines.Number, "line", line, "within a telegram, which begins with /"));
            }
        }

        if (telegram is not null)
        {
            sink.Refuse(new FileError(first, "telegram", telegram[0], "ended by ! with its CRC; perhaps the file was cut off"));
        }
    }

    [GeneratedRegex(@"^(\d{1,3}-\d{1,3}:\d{1,3}\.\d{1,3}\.\d{1,3})\(([^()]*)\)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^(\d{12})([SW])$")]
    private static partial Regex Time();

    private sealed class Telegram(List<string> lines, int first, MeterFileMapping mapping, TimeSpan winter, IMeterFileSink sink)
    {
        private readonly Dictionary<string, (string Value, int Line)> _objects = [];

        public void Take()
        {
            var crc = lines[^1][1..].Trim();
            if (crc.Length != 4 || !ushort.TryParse(crc, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var given) || given != Sum())
            {
                sink.Refuse(new FileError(first + lines.Count - 1, "CRC", crc, $"{Sum():X4}, the CRC16 of the telegram"));
                return;
            }

            for (var i = 1; i < lines.Count - 1; i++)
            {
                if (Line().Match(lines[i].Trim()) is { Success: true } match)
                {
                    _objects[match.Groups[1].Value] = (match.Groups[2].Value, first + i);
                }
            }

            if (NameOf() is { } name && TimeOf() is { } ms && Values() is { } values)
            {
                foreach (var (register, milliWh) in values)
                {
                    sink.Take(new FileReading(mapping.MeterOf(name), register, false, ms, milliWh, ReadingQuality.None, first, Stream: name));
                }
            }
        }

        /// <summary>CRC16 of the polynomial x^16 + x^15 + x^2 + 1, from / to !, each line ended by CR and LF, whatever the file has.</summary>
        private int Sum()
        {
            var sum = 0;
            foreach (var c in string.Join("\r\n", lines[..^1]) + "\r\n!")
            {
                sum ^= c;
                for (var bit = 0; bit < 8; bit++)
                {
                    sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xA001;
                }
            }

            return sum;
        }

        private string? NameOf()
        {
            var (hex, line) = _objects.GetValueOrDefault("0-0:96.1.1", ("", first));
            try
            {
                var name = Encoding.ASCII.GetString(Convert.FromHexString(hex)).Trim();
                if (name.Length > 0)
                {
                    return name;
                }
            }
            catch (FormatException)
            {
                // Said below.
            }

            sink.Refuse(new FileError(line, "0-0:96.1.1", hex.Length == 0 ? null : hex, "the equipment identifier in hexadecimal digits"));
            return null;
        }

        private long? TimeOf()
        {
            var (text, line) = _objects.GetValueOrDefault("0-0:1.0.0", ("", first));
            if (Time().Match(text) is { Success: true } match
                && DateTime.TryParseExact(match.Groups[1].Value, "yyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            {
                var offset = match.Groups[2].Value == "S" ? winter + TimeSpan.FromHours(1) : winter;
                return (local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;
            }

            sink.Refuse(new FileError(line, "0-0:1.0.0", text.Length == 0 ? null : text, "a time as YYMMDDhhmmss with S or W"));
            return null;
        }

        private List<(RegisterKind Register, long MilliWh)>? Values()
        {
            var rates = new long?[RegisterCodes.RatesMax + 1];
            var export = new long?[RegisterCodes.RatesMax + 1];
            for (var i = 0; i <= RegisterCodes.RatesMax; i++)
            {
                if (!Value($"1-0:1.8.{i}", out rates[i]) || !Value($"1-0:2.8.{i}", out export[i]))
                {
                    return null;
                }
            }

            var values = new List<(RegisterKind, long)>();
            var isTotal = mapping.P1Registers == "total";
            if ((rates[0] ?? (isTotal ? Total(rates) : null)) is { } import)
            {
                values.Add((RegisterKind.Import, import));
            }

            for (var i = 1; i <= RegisterCodes.RatesMax && !isTotal; i++)
            {
                if (rates[i] is { } rate)
                {
                    values.Add(((RegisterKind)i, rate));
                }
            }

            if ((export[0] ?? Total(export)) is { } exported)
            {
                values.Add((RegisterKind.Export, exported));
            }

            if (values.Count > 0)
            {
                return values;
            }

            sink.Refuse(new FileError(first, "1-0:1.8.1", null, "a register such as 1-0:1.8.1(000123.456*kWh)"));
            return null;
        }

        private static long? Total(long?[] rates) => rates[1..].Any(r => r is not null) ? rates[1..].Sum(r => r ?? 0) : null;

        /// <summary>False where the register is there and no energy.</summary>
        private bool Value(string obis, out long? milliWh)
        {
            milliWh = null;
            if (!_objects.TryGetValue(obis, out var found))
            {
                return true;
            }

            var parts = found.Value.Split('*');
            var unit = parts.Length == 2 ? EnergyText.MilliWhOf(parts[1]) : null;
            if (unit is not null && EnergyText.TryParse(parts[0], '.', unit.Value, isInterval: false, out var value) is null)
            {
                milliWh = value;
                return true;
            }

            sink.Refuse(new FileError(found.Line, obis, found.Value, "a register such as 000123.456*kWh"));
            return false;
        }
    }
}
