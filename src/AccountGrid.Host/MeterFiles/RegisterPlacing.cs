using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Turns intervals into values of the register that the grid has. Pure. Intervals without a hole between them are a run. A run begins at the grid's value at
/// its start, or at one that a value at the end of one of its intervals leads back to. The energy between two known values must be the grid's: then it is a
/// repeat. Where it is not, the file contradicts the grid: the intervals between are named and not sent, and it goes on from the grid's value, so that nothing
/// behind them is shifted. A run that begins at no known value waits until what is before it is known: the register would lack it for good. So does one that
/// would continue behind it.
/// </summary>
public sealed class RegisterPlacing
{
    private readonly IntervalPlan _plan;
    private readonly KnownRegister _last;
    private readonly SortedList<long, KnownValue> _known;
    private readonly PlacingRules _rules;
    private readonly List<RegisterPoint> _points = [];
    private readonly List<RegisterPoint> _pending = [];
    private readonly FileErrors _refused = new();
    private long _milliWh;
    private long _checkedMilliWh;
    private long _anchorMs;
    private long _drift;
    private bool _isAnchored;

    private RegisterPlacing(IntervalPlan plan, KnownRegister last, SortedList<long, KnownValue> known, PlacingRules rules) =>
        (_plan, _last, _known, _rules) = (plan, last, known, rules);

    /// <summary>The values, and what is not sent.</summary>
    /// <param name="last">The register's last value in the grid.</param>
    /// <param name="known">Its values around the file's time, by UTC ms, that count.</param>
    public static (List<RegisterPoint> Points, FileErrors Refused) Place(
        IntervalPlan plan, KnownRegister last, SortedList<long, KnownValue> known, PlacingRules rules)
    {
        var values = new SortedList<long, KnownValue>(known);
        values.TryAdd(last.Ms, new KnownValue(last.Wh));
        var placing = new RegisterPlacing(plan, last, values, rules);
        placing.Run();
        return (placing._points, placing._refused);
    }

    private void Run()
    {
        var rows = _plan.Intervals;
        for (var from = 0; from < rows.Count;)
        {
            var to = from + 1;
            for (; to < rows.Count && _plan.StartOf(rows[to]) <= rows[to - 1].EndMs; to++)
            {
            }

            var anchor = AnchorOf(from, to);
            _isAnchored = anchor is not null;
            if (anchor is { } at)
            {
                (_milliWh, _checkedMilliWh, _anchorMs, _drift) = (at.MilliWh, at.MilliWh, at.Ms, 0);
                for (var i = at.Row; i < to; i++)
                {
                    Take(rows[i]);
                }

                KeepRest(rows[to - 1]);
            }
            else
            {
                Wait(from, to);
            }

            from = to;
        }
    }

    /// <summary>The register before a row of a run, milliwatt-hours; null where nothing tells it. Rows of the run before that one are refused.</summary>
    private (long MilliWh, long Ms, int Row)? AnchorOf(int from, int to)
    {
        var rows = _plan.Intervals;
        var startMs = _plan.StartOf(rows[from]);
        if (_known.TryGetValue(startMs, out var atStart))
        {
            return (atStart.Wh * 1000, startMs, from);
        }

        var milliWh = 0L;
        for (var i = from; i < to; i++)
        {
            milliWh += rows[i].MilliWh;
            if (_known.TryGetValue(rows[i].EndMs, out var known) && !known.IsEstimate)
            {
                // Registers are stored in whole Wh, cut off, and begin at a whole one.
                var wh = known.Wh - (milliWh / 1000);
                var least = LastMeasured(startMs);
                if (wh >= (least?.Wh ?? 0))
                {
                    return (wh * 1000, startMs, from);
                }

                RefuseBefore(from, i, milliWh, known.Wh, least);
                return (known.Wh * 1000, rows[i].EndMs, i + 1);
            }
        }

        return Continued(from, startMs) is { } continued ? (continued, startMs, from) : null;
    }

    /// <summary>The register before a run where what is between it and a value before it counts as nothing; else null.</summary>
    private long? Continued(int from, long startMs)
    {
        var first = _plan.Intervals[0];
        var isFirst = from == 0;
        var isLengthUnknown = isFirst && first.LengthMs == 0 && _plan.StepMs == 0;
        if (!(isFirst ? _rules.StartContinues || isLengthUnknown : _rules.HolesContinue && _isAnchored))
        {
            return null;
        }

        var before = LastKnown(startMs);
        return !isFirst && _points.Count > 0 && (before is null || before.Value.Ms <= _points[^1].TimeMs) ? _milliWh
            : before is { } value ? value.Wh * 1000
            : isLengthUnknown && _last.Ms < first.EndMs ? _last.Wh * 1000
            : null;
    }

    /// <summary>Refuses a run's rows up to a known value that is too low for them.</summary>
    private void RefuseBefore(int from, int to, long milliWh, long knownWh, KnownRegister? least)
    {
        var rows = _plan.Intervals;
        var knownMs = Instants.ToText(rows[to].EndMs);
        _refused.Add(new FileError(rows[from].Line, $"kwh of {_plan.Meter}", EnergyText.Kwh(milliWh), least is { } value
            ? $"at most the {EnergyText.Kwh((knownWh - value.Wh) * 1000)} kWh that the grid has from {Instants.ToText(value.Ms)} to {knownMs} ({knownWh} Wh "
                + $"then); {to - from + 1} rows are not sent. If the file is right, decide about the reading"
            : $"behind the meter's first value, {knownWh} Wh at {knownMs}: {to - from + 1} rows before it are not sent"));
    }

    private void Take(in Interval interval)
    {
        _milliWh += interval.MilliWh;
        if (!_known.TryGetValue(interval.EndMs, out var known) || known.IsEstimate)
        {
            _pending.Add(new RegisterPoint(interval.EndMs, _milliWh, interval.Line, interval.Quality));
            return;
        }

        // Each file that was sent lost less than a Wh at its end; more than one a day is another energy.
        var off = known.Wh - (_milliWh / 1000);
        if (Math.Abs(_drift + off) > 1 + ((interval.EndMs - _anchorMs) / Instants.MsPerDay))
        {
            var right = EnergyText.Kwh((known.Wh * 1000) - _checkedMilliWh);
            Contradict(interval, known.Wh, $"the {right} kWh that the grid has up to {Instants.ToText(interval.EndMs)} since its value before");
            (_milliWh, _anchorMs, _drift) = (known.Wh * 1000, interval.EndMs, 0);
        }
        else
        {
            Keep();
            _points.Add(new RegisterPoint(interval.EndMs, known.Wh * 1000, interval.Line, interval.Quality));
            (_milliWh, _drift) = (_milliWh + (off * 1000), _drift + off);
        }

        _checkedMilliWh = _milliWh;
    }

    /// <summary>Keeps what follows the last known value of a run, unless the grid's next value is below it.</summary>
    private void KeepRest(in Interval last)
    {
        if (_pending.Count > 0 && NextKnown(last.EndMs) is { } next && next.Wh < _milliWh / 1000)
        {
            var right = EnergyText.Kwh((next.Wh * 1000) - _checkedMilliWh);
            Contradict(last, next.Wh, $"at most the {right} kWh that the grid has up to {Instants.ToText(next.Ms)} since its value before");
            _milliWh = _checkedMilliWh;
        }

        Keep();
    }

    private void Contradict(in Interval interval, long wh, string right)
    {
        var rows = _pending.Count + (_known.ContainsKey(interval.EndMs) ? 1 : 0);
        _refused.Add(new FileError(interval.Line, $"kwh of {_plan.Meter}", EnergyText.Kwh(_milliWh - _checkedMilliWh),
            $"{right} ({wh} Wh then); {rows} rows are not sent. If the file is right, decide about the reading"));
        _pending.Clear();
    }

    private void Wait(int from, int to) => _refused.Add(new FileError(_plan.Intervals[from].Line, $"kwh of {_plan.Meter}",
        $"{to - from} rows from {Instants.ToText(_plan.StartOf(_plan.Intervals[from]))}",
        $"behind a known value: the grid has readings up to {Instants.ToText(_last.Ms)}, and none where these rows begin. They are not sent; send what is "
            + "before them first, or say in the mapping's gaps that nothing was used"));

    private void Keep()
    {
        _points.AddRange(_pending);
        _pending.Clear();
    }

    /// <summary>The grid's last value up to an instant.</summary>
    private KnownRegister? LastKnown(long ms) =>
        IndexBehind(ms) is > 0 and var index ? new(_known.GetKeyAtIndex(index - 1), _known.GetValueAtIndex(index - 1).Wh) : null;

    /// <summary>The grid's last measured value up to an instant.</summary>
    private KnownRegister? LastMeasured(long ms)
    {
        for (var index = IndexBehind(ms) - 1; index >= 0; index--)
        {
            if (!_known.GetValueAtIndex(index).IsEstimate)
            {
                return new(_known.GetKeyAtIndex(index), _known.GetValueAtIndex(index).Wh);
            }
        }

        return null;
    }

    /// <summary>The grid's first measured value behind an instant.</summary>
    private KnownRegister? NextKnown(long ms)
    {
        for (var index = IndexBehind(ms); index < _known.Count; index++)
        {
            if (!_known.GetValueAtIndex(index).IsEstimate)
            {
                return new(_known.GetKeyAtIndex(index), _known.GetValueAtIndex(index).Wh);
            }
        }

        return null;
    }

    private int IndexBehind(long ms)
    {
        var (low, high) = (0, _known.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _known.GetKeyAtIndex(middle) <= ms ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
