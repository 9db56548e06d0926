using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// Reads one reading's JSON object. Untrusted becomes trusted here: each field has its range, each refusal its code. A field that is not known is refused
/// by its name (a misspelt <c>obis</c> would make an export register the import register); what a gateway wants to send for itself goes into <c>ext</c>.
/// </summary>
public static class ReadingParser
{
    /// <summary>Parses the object at the reader, leaving it on the object's end. Null means that <paramref name="wrong"/> says why.</summary>
    public static WireReading? Parse(ref Utf8JsonReader json, long latestMs, out Refusal? wrong)
    {
        var depth = json.CurrentDepth;
        var fields = new Fields();
        wrong = null;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            wrong = new(ReadingRefusals.NotAnObject, $"A reading is a JSON object, not {json.TokenType}.");
            json.Skip();
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (wrong is null)
            {
                TakeField(ref fields, ref json, ref wrong);
            }
            else
            {
                json.Skip();
            }
        }

        while (json.TokenType != JsonTokenType.EndObject || json.CurrentDepth != depth)
        {
            json.Read();
        }

        return wrong is null ? fields.Finish(latestMs, ref wrong) : null;
    }

    private const string Known = "meter, ts, value, scale, obis, unit, q, rev, seq and read_at";

    private static void TakeField(ref Fields fields, ref Utf8JsonReader json, ref Refusal? wrong)
    {
        try
        {
            fields.Take(ref json, ref wrong);
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8 are found when a string is decoded; the reader itself stands where it stood.
            wrong = new(ReadingRefusals.Utf8Invalid, "A string of the reading is not valid UTF-8.");
            json.Skip();
        }
    }

    private ref struct Fields
    {
        private ulong _meter;
        private bool _hasMeter;
        private long _time;
        private bool _hasTime;
        private long _value;
        private bool _hasValue;
        private int _scale;
        private RegisterKind _register;
        private ReadingQuality _quality;
        private byte _revision;
        private int _seen;

        public void Take(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            if (!TakeMeasured(ref json, ref wrong) && !TakeOptional(ref json, ref wrong))
            {
                wrong = new(
                    ReadingRefusals.FieldUnknown,
                    $"{Shown(ref json)}: this field is not known; {Known} are. What is for the sender alone goes into ext.");
                json.Read();
            }

            if (wrong is not null)
            {
                json.Skip();
            }
        }

        /// <summary>Takes what nearly all readings have: what was measured, where and when. False where the field is another.</summary>
        private bool TakeMeasured(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            if (json.ValueTextEquals("meter"u8))
            {
                Once(1, "meter", ref wrong);
                json.Read();
                Meter(ref json, ref wrong);
            }
            else if (json.ValueTextEquals("ts"u8))
            {
                Once(2, "ts", ref wrong);
                json.Read();
                _hasTime = TimeOf(ref json, "ts", out _time, ref wrong);
            }
            else if (json.ValueTextEquals("value"u8))
            {
                Once(4, "value", ref wrong);
                json.Read();
                Value(ref json, ref wrong);
            }
            else if (json.ValueTextEquals("scale"u8))
            {
                Once(8, "scale", ref wrong);
                json.Read();
                if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out _scale) || _scale is < IngestLimits.ScaleMin or > IngestLimits.ScaleMax)
                {
                    wrong = new(
                        ReadingRefusals.ScaleInvalid,
                        $"scale: {Shown(ref json)} is not a whole number from {IngestLimits.ScaleMin} to {IngestLimits.ScaleMax}.");
                }
            }
            else if (json.ValueTextEquals("obis"u8))
            {
                Once(16, "obis", ref wrong);
                json.Read();
                Register(ref json, ref wrong);
            }
            else
            {
                return false;
            }

            return true;
        }

        /// <summary>Takes what a reading may have besides. False where the field is another.</summary>
        private bool TakeOptional(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            if (json.ValueTextEquals("unit"u8))
            {
                Once(32, "unit", ref wrong);
                json.Read();
                if (json.TokenType != JsonTokenType.String || !json.ValueTextEquals("Wh"u8))
                {
                    wrong = new(ReadingRefusals.UnitUnsupported, $"unit: {Shown(ref json)} is not Wh, the unit of energy registers.");
                }
            }
            else if (json.ValueTextEquals("q"u8))
            {
                Once(64, "q", ref wrong);
                json.Read();
                Quality(ref json, ref wrong);
            }
            else if (json.ValueTextEquals("rev"u8))
            {
                Once(128, "rev", ref wrong);
                json.Read();
                if (json.TokenType != JsonTokenType.Number || !json.TryGetByte(out _revision))
                {
                    wrong = new(ReadingRefusals.RevisionInvalid, $"rev: {Shown(ref json)} is not a whole number from 0 to 255.");
                }
            }
            else if (json.ValueTextEquals("seq"u8))
            {
                Once(256, "seq", ref wrong);
                json.Read();
                if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var seq) || seq < 0)
                {
                    wrong = new(ReadingRefusals.SequenceInvalid, $"seq: {Shown(ref json)} is not a whole number of 0 or more.");
                }
            }
            else if (json.ValueTextEquals("read_at"u8))
            {
                Once(512, "read_at", ref wrong);
                json.Read();
                if (!TimeOf(ref json, "read_at", out _, ref wrong))
                {
                    wrong = wrong! with { Code = ReadingRefusals.ReadAtInvalid };
                }
            }
            else if (json.ValueTextEquals("ext"u8))
            {
                Once(1024, "ext", ref wrong);
                json.Read();
                SkipShallow(ref json, ref wrong);
            }
            else
            {
                return false;
            }

            return true;
        }

        /// <summary>Which of two values is meant cannot be known.</summary>
        private void Once(int bit, string field, ref Refusal? wrong)
        {
            if ((_seen & bit) != 0)
            {
                wrong = new(ReadingRefusals.FieldRepeated, $"{field}: the reading has it twice; give it once.");
            }

            _seen |= bit;
        }

        private static void SkipShallow(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return;
            }

            var from = json.CurrentDepth;
            while (json.Read() && json.CurrentDepth > from)
            {
                if (json.CurrentDepth - from > IngestLimits.JsonDepthMax)
                {
                    wrong = new(ReadingRefusals.TooDeep, $"ext: it is nested deeper than {IngestLimits.JsonDepthMax} levels.");
                }
            }
        }

        public readonly WireReading? Finish(long latestMs, ref Refusal? wrong)
        {
            if (!_hasMeter)
            {
                wrong = new(ReadingRefusals.MeterMissing, "meter: missing; a string of 1 to 32 characters is needed.");
            }
            else if (!_hasTime)
            {
                wrong = new(ReadingRefusals.TimeMissing, $"ts: missing; milliseconds since 1970 in UTC or {Rfc3339.Form} are needed.");
            }
            else if (!_hasValue)
            {
                wrong = new(ReadingRefusals.ValueMissing, "value: missing; the cumulative register is needed.");
            }
            else if (_time > latestMs)
            {
                wrong = ReadingChecks.InFuture("ts", _time, latestMs);
            }
            else if (!ReadingChecks.TryScale(_value, _scale, out var wh))
            {
                wrong = ReadingChecks.OutOfRange(_value, _scale);
            }
            else
            {
                return new WireReading(_meter, _register, _time, wh, _quality, _revision);
            }

            return null;
        }

        private void Meter(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            Span<byte> buffer = stackalloc byte[Limits.IdMaxLength * 3];
            if (json.TokenType == JsonTokenType.String && !json.HasValueSequence && json.ValueSpan.Length is > 0 and <= Limits.IdMaxLength * 3)
            {
                if (!json.ValueIsEscaped)
                {
                    if (json.ValueSpan.Length <= Limits.IdMaxLength && System.Text.Unicode.Utf8.IsValid(json.ValueSpan))
                    {
                        _meter = IdHash.Of(json.ValueSpan);
                        _hasMeter = true;
                        return;
                    }
                }
                else if (json.GetString() is { Length: > 0 and <= Limits.IdMaxLength } id)
                {
                    _meter = IdHash.Of(id);
                    _hasMeter = true;
                    return;
                }
            }

            wrong = new(ReadingRefusals.MeterInvalid, $"meter: {Shown(ref json)} is not a string of 1 to {Limits.IdMaxLength} characters.");
        }

        private void Register(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            var problem = json.TokenType == JsonTokenType.String ? Obis.TryParse(json.GetString(), out _register) : ObisProblem.Unknown;
            if (problem != ObisProblem.None)
            {
                wrong = new(problem == ObisProblem.NotCharged ? ReadingRefusals.RegisterNotCharged : ReadingRefusals.RegisterUnknown,
                    $"obis: {Shown(ref json)} {Obis.Explain(problem)}");
            }
        }

        private void Value(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            _hasValue = json.TokenType switch
            {
                JsonTokenType.Number => json.TryGetInt64(out _value),
                JsonTokenType.String => long.TryParse(json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _value),
                _ => false,
            };
            if (!_hasValue)
            {
                wrong = new(ReadingRefusals.ValueInvalid, $"value: {Shown(ref json)} is not a whole number of 64 bits; use scale for decimals.");
            }
        }

        private void Quality(ref Utf8JsonReader json, ref Refusal? wrong)
        {
            if (json.TokenType != JsonTokenType.StartArray)
            {
                wrong = new(ReadingRefusals.QualityInvalid, $"q: {Shown(ref json)} is not an array of quality codes.");
                return;
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (wrong is null && (json.TokenType != JsonTokenType.String || !QualityCodes.TryParse(json.GetString()!, ref _quality)))
                {
                    wrong = new(ReadingRefusals.QualityInvalid, $"q: {Shown(ref json)} is neither a name such as 'estimated' nor a CIM code such as '1.1.9'.");
                }

                json.Skip();
            }

            // Valid is what an absent quality means; only what differs is carried on.
            _quality &= ~ReadingQuality.Valid;
        }

        private static bool TimeOf(ref Utf8JsonReader json, string field, out long ms, ref Refusal? wrong)
        {
            ms = 0;
            if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out ms) && ms is >= ReadingChecks.MinMs and <= ReadingChecks.MaxMs)
            {
                return true;
            }

            if (json.TokenType == JsonTokenType.String && Rfc3339.TryParse(json.GetString(), out var instant))
            {
                ms = instant.ToUnixTimeMilliseconds();
                if (ms is >= ReadingChecks.MinMs and <= ReadingChecks.MaxMs)
                {
                    return true;
                }
            }

            wrong = new(
                ReadingRefusals.TimeInvalid,
                $"{field}: {Shown(ref json)} is neither milliseconds since 1970 in UTC nor {Rfc3339.Form}, from 1990 to 2200.");
            return false;
        }

        private static string Shown(ref Utf8JsonReader json)
        {
            var text = json.TokenType switch
            {
                JsonTokenType.StartObject => "an object",
                JsonTokenType.StartArray => "an array",
                JsonTokenType.Null => "null",
                _ => System.Text.Encoding.UTF8.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan),
            };
            return text.Length > 60 ? $"'{text[..60]}...'" : $"'{text}'";
        }
    }
}
