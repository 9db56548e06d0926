using AccountGrid.Host.MeterFiles;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>What intervals come to in a register that the grid has. Times are hours, energy is Wh.</summary>
public sealed class RegisterPlacingTests
{
    private const long Hour = 3_600_000;
    private static readonly PlacingRules Waits = default;

    [Theory]
    // Behind all that is known: from the last value on.
    [InlineData("3=100", "4:10 5:20", "4=110 5=130", 0)]
    // A repeat is what is there; an overlap goes on.
    [InlineData("3=100 4=110 5=130", "4:10 5:20", "4=110 5=130", 0)]
    [InlineData("3=100 4=110 5=130", "5:20 6:7", "5=130 6=137", 0)]
    // The start is found by the end of an interval.
    [InlineData("5=130", "4:10 5:20 6:7", "4=110 5=130 6=137", 0)]
    // The month before is missing: what follows waits, and comes to the same when it is sent again behind it.
    [InlineData("3=100", "6:10 7:20", "", 1)]
    [InlineData("3=100 6=150", "7:10 8:20", "7=160 8=180", 0)]
    // A hole waits too; what is anchored behind it does not.
    [InlineData("3=100", "4:10 6:20 7:5", "4=110", 1)]
    [InlineData("3=100 5=115 6=140", "4:10 6:25 7:5", "4=110 6=140 7=145", 0)]
    // Another energy between two known values: named and not sent, and nothing behind it is shifted.
    [InlineData("3=100 5=130 6=140", "4:10 5:40 6:10 7:1", "6=140 7=141", 1)]
    [InlineData("3=100 6=140", "4:10 5:10 6:30 7:1", "7=141", 1)]
    // Above the grid's next value: the register would fall.
    [InlineData("3=100 7=120", "4:10 5:20", "", 1)]
    // An estimate is no check: measured values replace it.
    [InlineData("3=100 4=150? 5=160?", "4:10 5:20", "4=110 5=130", 0)]
    [InlineData("3=100 4=150? 6=145", "4:10 5:20 6:15", "4=110 5=130 6=145", 0)]
    // The meter's first value is later: what is before it is refused, and what is behind it goes on from it.
    [InlineData("5=20", "4:10 5:30", "", 1)]
    [InlineData("5=20", "4:10 5:30 6:7", "6=27", 1)]
    [InlineData("5=20", "5:30 7:1", "", 2)]
    // Led back from a later value below the value before: the file has more than the grid between the two.
    [InlineData("2=1000 9=1400", "7:200 8:200 9:100 10:5", "10=1405", 1)]
    [InlineData("2=1000 9=1400", "7:200 8:100 9:100", "7=1200 8=1300 9=1400", 0)]
    [InlineData("2=1000? 9=1400", "8:400 9:100", "8=1300 9=1400", 0)]
    public void Intervals_become_values_of_the_grids_register(string known, string rows, string values, int refused)
    {
        var (points, wrong) = Place(known, rows, Waits);
        Assert.Equal(values, string.Join(' ', points.Select(p => $"{p.TimeMs / Hour}={p.MilliWh / 1000}")));
        Assert.Equal(refused, wrong.Count);
    }

    /// <summary>The rule of <c>intervals</c>: what is behind a hole goes on, unless what is before the hole waits.</summary>
    [Theory]
    [InlineData("3=100", "6:10 8:20", "", 2)]
    [InlineData("3=100 10=500", "6:10 8:20 10:5 12:7", "10=500 12=507", 2)]
    [InlineData("3=100", "4:10 6:20", "4=110 6=130", 0)]
    public void A_hole_continues_only_behind_what_is_anchored(string known, string rows, string values, int refused)
    {
        var (points, wrong) = Place(known, rows, PlacingRules.OfIntervals);
        Assert.Equal(values, string.Join(' ', points.Select(p => $"{p.TimeMs / Hour}={p.MilliWh / 1000}")));
        Assert.Equal(refused, wrong.Count);
    }

    [Theory]
    [InlineData("3=100", "6:10 7:20", "6=110 7=130")]
    [InlineData("3=100", "4:10 6:20 7:5", "4=110 6=130 7=135")]
    [InlineData("3=100 5=115", "4:10 7:20", "4=110 7=135")]
    public void A_mapping_may_say_that_nothing_was_used_where_the_file_says_nothing(string known, string rows, string values)
    {
        var (points, wrong) = Place(known, rows, new PlacingRules(true, true));
        Assert.Equal(values, string.Join(' ', points.Select(p => $"{p.TimeMs / Hour}={p.MilliWh / 1000}")));
        Assert.Equal(0, wrong.Count);
    }

    /// <summary>Values are stored in whole Wh, cut off: wherever a run broke off, it comes to the same values when it is sent again.</summary>
    [Fact]
    public void A_file_that_broke_off_comes_to_the_same_values_again()
    {
        var plan = Plan(Enumerable.Range(4, 40).Select(h => (h, 1_600L)));
        var last = new KnownRegister(3 * Hour, 100);
        var all = RegisterPlacing.Place(plan, last, [], Waits).Points.Select(p => (p.TimeMs, p.MilliWh / 1000)).ToList();
        for (var sent = 1; sent < all.Count; sent++)
        {
            var known = new SortedList<long, KnownValue> { [3 * Hour] = new(100) };
            all[..sent].ForEach(p => known[p.TimeMs] = new(p.Item2));
            var (points, refused) = RegisterPlacing.Place(plan, new KnownRegister(all[sent - 1].TimeMs, all[sent - 1].Item2), known, Waits);
            Assert.Equal(0, refused.Count);
            Assert.Equal(all, points.Select(p => (p.TimeMs, p.MilliWh / 1000)));
        }
    }

    /// <summary>One Wh more in each interval is another energy, though each of them is within what cutting off can lose.</summary>
    [Fact]
    public void Small_differences_do_not_add_up_unseen()
    {
        var known = new SortedList<long, KnownValue>();
        Enumerable.Range(0, 25).ToList().ForEach(h => known[h * Hour] = new(h * 4));
        var plan = Plan(Enumerable.Range(1, 24).Select(h => (h, 3_000L)));
        Assert.True(RegisterPlacing.Place(plan, new KnownRegister(24 * Hour, 96), known, Waits).Refused.Count > 0);
    }

    [Theory]
    [InlineData("60:11 15:10.25 15:10.5", 3)]
    [InlineData("60:11 60:12 60:13", 0)]
    [InlineData("60:11 30:11", 2)]
    [InlineData("1440:24.5 60:24 60:23", 3)]
    public void Intervals_that_overlap_are_all_refused(string rows, int refused)
    {
        var intervals = rows.Split(' ').Select((r, i) => (Parts: r.Split(':'), Line: i + 1)).Select(r => new Interval(
            (long)(decimal.Parse(r.Parts[1], System.Globalization.CultureInfo.InvariantCulture) * Hour), 1_000, r.Line,
            LengthMs: int.Parse(r.Parts[0], System.Globalization.CultureInfo.InvariantCulture) * 60_000)).ToList();
        var plan = IntervalPlan.Of(new IntervalSeries("M", intervals));
        Assert.Equal((refused, intervals.Count - refused), (plan.Refused.Count, plan.Intervals.Count));
    }

    private static (List<RegisterPoint> Points, FileErrors Refused) Place(string known, string rows, PlacingRules rules)
    {
        var values = new SortedList<long, KnownValue>();
        foreach (var parts in known.Split(' ').Select(k => k.Split('=')))
        {
            values[Number(parts[0]) * Hour] = new KnownValue(Number(parts[1].TrimEnd('?')), parts[1].EndsWith('?'));
        }

        var last = new KnownRegister(values.GetKeyAtIndex(values.Count - 1), values.GetValueAtIndex(values.Count - 1).Wh);
        var plan = Plan(rows.Split(' ').Select(r => r.Split(':')).Select(r => ((int)Number(r[0]), Number(r[1]) * 1000)));
        return RegisterPlacing.Place(plan, last, values, rules);
    }

    private static IntervalPlan Plan(IEnumerable<(int Hour, long MilliWh)> rows) =>
        IntervalPlan.Of(new IntervalSeries("M", [.. rows.Select((r, i) => new Interval(r.Hour * Hour, r.MilliWh, i + 1, LengthMs: (int)Hour))]));

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
