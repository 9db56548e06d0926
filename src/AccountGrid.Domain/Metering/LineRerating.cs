using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// A meter's line charged by other tariffs from a day on: what lies behind the day is taken back by the old ones and charged again by the new ones. The days
/// are open while that is done.
/// </summary>
/// <param name="fromDay">First local day under other tariffs.</param>
internal sealed class LineRerating(FoldContext context, MeterState meter, AccountState account, int fromDay)
{
    private readonly List<Point> _points = MeterLine.PointsOf(meter);
    private readonly List<(Pair Pair, VeeOutcome Outcome)> _taken = [];

    /// <summary>The closed days that must be open first, by the tariffs that the account has right now; null is none.</summary>
    public DaysNeeded? Needed()
    {
        if (ClosedDays.From(meter, fromDay) is { } needed)
        {
            return needed;
        }

        foreach (var pair in Pairs().Where(p => LoadShapes.NeedsShape(meter, account, _points[p.From], _points[p.To])))
        {
            if (LoadShapes.WeightsNeeded(context, meter, account, MeterLine.DayAt(account, _points[pair.From].TimeMs)) is { } weights)
            {
                return weights;
            }
        }

        return null;
    }

    /// <summary>Takes back what differences behind the day were charged.</summary>
    public void TakeBack()
    {
        foreach (var pair in Pairs())
        {
            var outcome = Charging.OutcomeOf(meter, account, _points[pair.From], _points[pair.To], out var energy);
            _taken.Add((pair, outcome));
            if (outcome == VeeOutcome.Accepted && energy.Wh != 0)
            {
                Charging.Rate(meter, account, _points[pair.From], _points[pair.To], energy, _points[pair.To].Shape, -1);
            }
        }
    }

    /// <summary>Charges the same differences by the tariffs of now. What a difference may cost can hold one that was charged, and the other way.</summary>
    public void Charge()
    {
        foreach (var (pair, before) in _taken)
        {
            var (from, to) = (_points[pair.From], _points[pair.To]);
            var outcome = Charging.OutcomeOf(meter, account, from, to, out var energy);
            if (outcome != before)
            {
                if (before != VeeOutcome.Accepted)
                {
                    meter.Held -= energy;
                    ReadingExceptions.Resolve(context, meter, account, to, before);
                }
                else
                {
                    meter.Charged -= energy;
                }
            }

            if (outcome == VeeOutcome.Accepted)
            {
                var shape = LoadShapes.NeedsShape(meter, account, from, to)
                    ? LoadShapes.ShapeOf(meter, account, _points, MeterLine.DayAt(account, from.TimeMs))
                    : null;
                if (energy.Wh != 0)
                {
                    Charging.Rate(meter, account, from, to, energy, shape, 1);
                }

                _points[pair.To] = to with { Shape = shape };
                meter.Charged += before == VeeOutcome.Accepted ? Energy.Zero : energy;
            }
            else if (outcome != before)
            {
                meter.Held += energy;
                ReadingExceptions.Raise(context, meter, account, to, outcome, energy.Wh);
                _points[pair.To] = to with { Shape = null };
            }
        }

        meter.Open = OpenPoints.From(_points[0], _points, 1);
    }

    /// <summary>Differences that count and end behind the day's begin.</summary>
    private List<Pair> Pairs()
    {
        var startMs = account.Calendar.StartOf(fromDay);
        return [.. MeterLine.PairsOf(_points, long.MinValue, long.MaxValue).Where(p => _points[p.To].TimeMs > startMs)];
    }
}
