using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>What people decide about readings: what each decision charges and holds, what it does not reach, and what is refused.</summary>
public sealed class ReadingDecisionTests
{
    private readonly FoldHarness _grid;
    private readonly long _start = Given.At("2026-03-02T00:00:00+08:00");

    public ReadingDecisionTests()
    {
        _grid = new FoldHarness(2, Given.Flat("0.50")).With(5, Packs.Get("gb-prepay", p => p with { Currency = "CNY" })).With(6, Packs.Get("cn-residential"));
        _grid.Execute(0, Given.Open(1, "2025-01-01"), _start);
        _grid.Execute(0, new InstallMeter(7, 1, new MeterRating(10_000, 1_000_000, 0), _start, 100_000), _start);
    }

    [Fact]
    public void An_accepted_spike_is_charged_and_the_exception_is_gone()
    {
        Read((1, 150_000), (2, 151_000));
        Assert.Equal((1_000, 50_000), Sums);
        Accept(1, 150_000, 50_000);
        Assert.Equal((51_000, 0), Sums);
        Assert.Equal("-25.500000000", _grid.Account(1).Balance.ToString());
        Assert.DoesNotContain(_grid[0].Exceptions.Values, e => e.Open);
        var told = Assert.Single(_grid[0].Events.Select(e => e.Event).OfType<ReadingDecided>());
        Assert.Equal((50_000, -50_000, 25_000_000_000, "seen", "a"), (told.ChargedWh, told.HeldWh, told.Charge.Nano, told.Reason, told.DecidedBy));
    }

    [Fact]
    public void What_was_accepted_is_the_energy_that_was_seen_and_no_more()
    {
        Read((1, 101_000), (2, 151_000), (3, 152_000));
        Accept(2, 151_000, 50_000);
        Assert.Equal((52_000, 0), Sums);
        Read(Revised(1, 100_500, 1));
        Assert.Equal((1_500, 50_500), Sums);
        Read(Revised(1, 101_200, 2));
        Assert.Equal((52_000, 0), Sums);
    }

    [Theory]
    [InlineData(ReadingDecision.SetBack, 90_000, 1_000, 0, 0)]
    [InlineData(ReadingDecision.SetBack, 89_999, 1_000, -90_000, 1)]
    [InlineData(ReadingDecision.Rollover, 910_000, 911_000, 0, 0)]
    [InlineData(ReadingDecision.Rollover, 909_999, 1_000, -90_000, 1)]
    public void A_fall_is_a_register_that_was_set_back_or_passed_its_width(ReadingDecision decision, long upTo, long charged, long held, int exceptions)
    {
        Read((1, 10_000), (2, 11_000));
        Ok(Given.Decide(At(1), 10_000, decision, VeeOutcome.RegisterFell, upToWh: upTo));
        Assert.Equal((charged, held), Sums);
        Assert.Equal(exceptions, _grid[0].Exceptions.Values.Count(e => e.Open));
    }

    [Fact]
    public void A_register_that_comes_back_was_never_set_back()
    {
        Read((1, 101_000), (2, 20_000));
        Ok(Given.Decide(At(2), 20_000, ReadingDecision.SetBack, VeeOutcome.RegisterFell, upToWh: 81_000));
        Assert.Equal((1_000, 0), Sums);
        Read((12, 102_000));
        Assert.Equal((2_000, 0), Sums);
    }

    [Fact]
    public void An_edited_value_counts_as_if_it_had_been_measured_and_a_resend_of_the_old_one_is_nothing_new()
    {
        Read((1, 150_000), (2, 104_000));
        Ok(Given.Decide(At(1), 150_000, ReadingDecision.Edit, null, valueWh: 102_000));
        Assert.Equal((4_000, 0), Sums);
        Read((1, 150_000), (1, 102_000));
        Assert.Equal((4_000, 0), Sums);
        Assert.DoesNotContain(_grid[0].Exceptions.Values, e => e.Open);
        Read((1, 101_000));
        Assert.Equal(VeeOutcome.Conflict, Assert.Single(_grid[0].Exceptions, e => e.Value.Open).Key.Outcome);
        Assert.Equal((4_000, 0), Sums);
        Read(Revised(1, 103_000, 1));
        Assert.Equal((4_000, 0), Sums);
        Assert.Null(Point(1).Decision);
    }

    [Fact]
    public void An_estimate_is_marked_and_the_next_measured_value_corrects_it()
    {
        Read((1, 150_000));
        Ok(Given.Decide(At(1), 150_000, ReadingDecision.Estimate, VeeOutcome.Spike, valueWh: 105_000));
        Assert.Equal((5_000, 0), Sums);
        Assert.True(RegisterLine.IsEstimate(Point(1)));
        Read((2, 103_000));
        Assert.Equal((3_000, 0), Sums);
        Assert.False(RegisterLine.Counts(Point(1)));
    }

    /// <summary>A fall of 100 Wh counts as final while the last value is a spike. When another value replaces the spike, the fall has returned.</summary>
    [Theory]
    [InlineData(ReadingDecision.Accept, null, 51_000)]
    [InlineData(ReadingDecision.Edit, 102_000L, 2_000)]
    [InlineData(null, 102_000L, 2_000)]
    public void A_fall_that_the_last_value_decided_is_judged_anew_with_what_stands_in_its_place(ReadingDecision? decision, long? valueWh, long charged)
    {
        Read((1, 101_000), (2, 100_900), (3, 151_000));
        Assert.Equal((1_000, 50_000), Sums);
        if (decision is { } decided)
        {
            Ok(Given.Decide(At(3), 151_000, decided, VeeOutcome.Spike, valueWh, valueWh is null ? 50_100 : 0));
        }
        else
        {
            Read(Revised(3, valueWh!.Value, 1));
        }

        Assert.False(RegisterLine.Counts(Point(2)));
        Assert.Equal((charged, 0), Sums);
    }

    [Fact]
    public void A_dismissed_reading_leaves_the_run_that_there_would_be_without_it()
    {
        Read((1, 100_500));
        Ok(Given.Decide(At(1), 100_500, ReadingDecision.Dismiss, null));
        Assert.Equal(new Run(0, _start), Meter.Run);
        Read((2, 101_000), (3, 101_500), (4, 102_000), (50, 102_300));
        var run = new Run(500, At(2));
        Assert.NotEqual(run, Meter.Run);
        _grid[0].Append(new Check(At(60), [1]), At(60));
        _grid.Settle();
        Assert.True(Meter.ClosedThroughDay > 0);
        Ok(Given.Decide(At(50), 102_300, ReadingDecision.Dismiss, null), At(60));
        Assert.Equal(run, Meter.Run);
    }

    [Fact]
    public void A_dismissed_reading_never_counts_until_its_dismissal_is_withdrawn()
    {
        Read((1, 109_000), (2, 102_000));
        Ok(Given.Decide(At(1), 109_000, ReadingDecision.Dismiss, null));
        Assert.Equal((2_000, 0), Sums);
        Read((1, 109_000));
        Assert.Equal((2_000, 0), Sums);
        Refused(DecisionRefusals.Changed, Given.Decide(At(1), 109_000, ReadingDecision.Edit, null, valueWh: 101_000));
        Ok(Given.Decide(At(1), 109_000, ReadingDecision.Withdraw, null) with { Over = ReadingDecision.Dismiss });
        Assert.Equal((9_000, -7_000), Sums);
    }

    [Theory]
    [InlineData(ReadingDecision.Accept, 5_000)]
    [InlineData(ReadingDecision.Dismiss, 3_000)]
    public void Of_a_conflict_one_value_counts_and_neither_comes_back(ReadingDecision decision, long charged)
    {
        Read((1, 103_000), (1, 105_000), (2, 105_000));
        var (key, _) = Assert.Single(_grid[0].Exceptions, e => e.Value.Open);
        Assert.Equal(VeeOutcome.Conflict, key.Outcome);
        Ok(Given.Decide(At(1), null, decision, VeeOutcome.Conflict, valueWh: 105_000));
        Assert.Equal(charged, Point(1).ValueWh - 100_000);
        Read((1, 103_000), (1, 105_000));
        Assert.DoesNotContain(_grid[0].Exceptions.Values, e => e.Open);
        Assert.Equal(charged, Point(1).ValueWh - 100_000);
    }

    [Fact]
    public void A_decision_about_a_closed_day_corrects_what_the_day_was_booked_with()
    {
        Read((1, 150_000), (30, 152_000));
        var later = _start + (20 * Instants.MsPerDay);
        _grid[0].Append(new Check(later, [1]), later);
        _grid.Settle();
        Assert.True(Meter.ClosedThroughDay > 0);
        Accept(1, 150_000, 50_000, later);
        _grid[0].Append(new Check(later + Instants.MsPerDay, [1]), later + Instants.MsPerDay);
        _grid.Settle();
        Assert.Equal((52_000, 0), Sums);
        Assert.Equal("-26.000000000", _grid.Account(1).Balance.ToString());
        Assert.Equal(_grid.Account(1).Balance.Nano, _grid[0].Entries.Sum(e => e.Amount.Nano));
        Assert.Equal(52_000, _grid[0].AllDays(7).Sum(d => d.Energy.Wh));
        Assert.Contains(_grid[0].Entries, e => e.Kind == Domain.Partitions.EntryKind.Correction && e.Amount.ToString() == "-25.000000000");
    }

    [Theory]
    [InlineData(5, 364, null)]
    [InlineData(5, 367, "decision.too_late")]
    [InlineData(6, 367, null)]
    public void Energy_that_was_used_too_long_ago_is_not_charged_by_a_decision(int pack, int days, string? refused)
    {
        Assert.Null(_grid.Execute(0, new SetCustomer(1, pack, CustomerClass.Residential, CustomerTraits.None, "form 1"), _start).Refusal);
        Read((1, 150_000), (48, 152_000));
        var now = _start + (days * Instants.MsPerDay);
        var outcome = _grid.Execute(0, Given.Decide(At(1), 150_000, ReadingDecision.Accept, VeeOutcome.Spike, upToWh: 50_000), now);
        Assert.Equal(refused, outcome.Refusal?.Code.Text);
        Assert.Equal(refused is null ? 52_000 : 2_000, Meter.Charged.Wh);
    }

    [Fact]
    public void What_one_person_may_decide_is_bounded_with_what_else_they_moved()
    {
        Read((1, 150_000), (2, 151_000));
        var asked = Given.Decide(At(1), 150_000, ReadingDecision.Accept, VeeOutcome.Spike, upToWh: 50_000, approvedBy: null);
        Assert.Null(_grid.Execute(0, new AdjustBalance(1, Money.FromUnits(975), "r", "a", null), _start).Refusal);
        Ok(asked);
        Refused(AccessRefusals.ApprovalNeeded, asked with { Decision = ReadingDecision.Withdraw, About = null, Over = ReadingDecision.Accept, UpToWh = 0 });
        Refused(AccessRefusals.ApprovalNeeded,
            asked with { Decision = ReadingDecision.Withdraw, About = null, Over = ReadingDecision.Accept, UpToWh = 0, ApprovedBy = "a" });
        Ok(asked with { Decision = ReadingDecision.Withdraw, About = null, Over = ReadingDecision.Accept, UpToWh = 0, ApprovedBy = "b" });
        Assert.Equal((1_000, 50_000), Sums);
    }

    [Fact]
    public void Decisions_go_with_the_readings_that_a_late_move_takes_to_another_account()
    {
        Read((1, 101_000), (30, 160_000), (31, 102_000), (32, 162_000));
        Accept(32, 162_000, 60_000);
        Ok(Given.Decide(At(30), 160_000, ReadingDecision.Dismiss, null));
        _grid.Execute(1, Given.Open(2, "2025-01-01"), _start);
        Assert.Null(_grid.Execute(0, new ReleaseMeter(7, 2, 1, At(24), 101_500), At(40)).Refusal);
        var moved = _grid[1].State.PeekMeter(7)!;
        Assert.Equal((60_500, 0), (moved.Charged.Wh, moved.Held.Wh));
        Assert.Equal((1_500, 0), Sums);
    }

    [Fact]
    public void A_decision_about_a_run_holds_while_the_run_lasts()
    {
        for (var i = 1; i <= 30; i++)
        {
            Read((i, 100_000 + (i * 501)));
        }

        Assert.Equal(VeeOutcome.FrozenRun, Assert.Single(_grid[0].Exceptions, e => e.Value.Open).Key.Outcome);
        Ok(Given.Decide(_start, null, ReadingDecision.Accept, VeeOutcome.FrozenRun));
        Read((31, 115_531));
        _grid[0].Flush();
        _grid[0].Crash();
        Read((32, 116_032));
        Assert.Null(Meter.FindingAt(Meter.Last.TimeMs));
        Assert.DoesNotContain(_grid[0].Exceptions.Values, e => e.Open);
        for (var i = 33; i <= 60; i++)
        {
            Read((i, 116_032 + ((i - 32) * 401)));
        }

        Assert.Equal(VeeOutcome.FrozenRun, Assert.Single(_grid[0].Exceptions, e => e.Value.Open).Key.Outcome);
    }

    [Theory]
    [InlineData(0, null, ReadingQuality.None, false)]
    [InlineData(0, null, ReadingQuality.Questionable, true)]
    [InlineData(0, ReadingDecision.Accept, ReadingQuality.Questionable, false)]
    [InlineData(0, ReadingDecision.Accept, ReadingQuality.Estimated, true)]
    [InlineData(0, ReadingDecision.Accept, ReadingQuality.Projected, true)]
    [InlineData(0, ReadingDecision.Accept, ReadingQuality.ClockSuspect, true)]
    [InlineData(0, ReadingDecision.Accept, ReadingQuality.Test, true)]
    [InlineData(0, ReadingDecision.Edit, ReadingQuality.None, true)]
    [InlineData(0, ReadingDecision.Dismiss, ReadingQuality.Questionable, false)]
    [InlineData(-60_000, ReadingDecision.Accept, ReadingQuality.None, true)]
    public void A_cut_rests_on_what_was_read_and_not_on_what_was_typed(long heldWh, ReadingDecision? decision, ReadingQuality quality, bool isInDoubt)
    {
        Assert.Null(_grid.Execute(0, new SetCustomer(1, 6, CustomerClass.Residential, CustomerTraits.None, "form 1"), _start).Refusal);
        Read((1, 101_000));
        Read(new Reading(7, RegisterKind.Import, At(2), heldWh < 0 ? 41_000 : 102_000, quality, 0));
        if (decision is { } word)
        {
            Ok(Given.Decide(At(2), null, word, word == ReadingDecision.Accept ? VeeOutcome.Spike : null, word == ReadingDecision.Edit ? 102_000 : null, 1_000));
        }

        var facts = InterlockCheck.Evaluate(_grid.Account(1), Packs.Get("cn-residential"), At(3))!.Facts;
        Assert.Equal(isInDoubt, facts.HasDoubtfulReadings);
        Assert.Equal(decision == ReadingDecision.Dismiss ? At(1) : At(2), facts.LastReadingMs);
    }

    [Theory]
    [InlineData("decision.border", 0)]
    [InlineData("decision.no_reading", 5)]
    [InlineData("decision.changed", 1)]
    public void What_is_not_there_is_not_decided(string code, int hour)
    {
        Read((1, 150_000), (2, 151_000));
        var outcome = _grid.Execute(0, Given.Decide(At(hour), 149_000, ReadingDecision.Dismiss, null), _start);
        Assert.Equal(code, outcome.Refusal?.Code.Text);
        Assert.Equal((1_000, 50_000), Sums);
    }

    [Theory]
    [InlineData(VeeOutcome.BackBilling, ReadingDecision.Dismiss)]
    [InlineData(VeeOutcome.Unassigned, ReadingDecision.Dismiss)]
    [InlineData(VeeOutcome.TooLate, ReadingDecision.Accept)]
    [InlineData(VeeOutcome.ZeroRun, ReadingDecision.Dismiss)]
    [InlineData(VeeOutcome.RegisterFell, ReadingDecision.Accept)]
    [InlineData(VeeOutcome.Spike, ReadingDecision.SetBack)]
    [InlineData(null, ReadingDecision.Accept)]
    public void Each_kind_of_exception_has_its_own_decisions(VeeOutcome? about, ReadingDecision decision)
    {
        Read((1, 150_000));
        Refused(DecisionRefusals.NotOfCode, Given.Decide(At(1), 150_000, decision, about, upToWh: 50_000));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(400)]
    public void A_wrong_start_register_is_corrected_whenever_that_comes(int checkHour)
    {
        Read((1, 101_000), (2, 103_000), (60, 104_000));
        var later = At(checkHour);
        _grid[0].Append(new Check(later, [1]), later);
        _grid.Settle();
        Ok(Given.Decide(At(0), 100_000, ReadingDecision.Edit, null, valueWh: 100_400), later);
        Assert.Equal((3_600, 0), Sums);
        Ok(Given.Decide(At(0), 100_400, ReadingDecision.Edit, null, valueWh: 100_500), later);
        _grid[0].Append(new Check(later + (20 * Instants.MsPerDay), [1]), later + (20 * Instants.MsPerDay));
        _grid.Settle();
        Assert.Equal((3_500, 0), Sums);
        Assert.Equal("-1.750000000", _grid.Account(1).Balance.ToString());
        Assert.Equal(3_500, _grid[0].AllDays(7).Sum(d => d.Energy.Wh));
        Refused(DecisionRefusals.Changed, Given.Decide(At(0), 100_400, ReadingDecision.Edit, null, valueWh: 100_000));
    }

    [Fact]
    public void The_start_of_a_meter_that_came_from_another_account_is_where_it_left_that_one()
    {
        Read((1, 101_000));
        _grid.Execute(0, Given.Open(2, "2025-01-01"), _start);
        Assert.Null(_grid.Execute(0, new ReleaseMeter(7, 2, 0, At(2), 101_500), At(3)).Refusal);
        Refused(DecisionRefusals.Border, Given.Decide(At(2), null, ReadingDecision.Edit, null, valueWh: 101_400) with { Account = 2 });
        Refused(DecisionRefusals.Border, Given.Decide(At(2), null, ReadingDecision.Edit, null, valueWh: 101_400));
    }

    [Fact]
    public void A_repeated_decision_changes_nothing_and_is_told_of()
    {
        Read((1, 150_000), (2, 151_000));
        Accept(1, 150_000, 50_000);
        var state = _grid.Account(1).Balance;
        Accept(1, 150_000, 50_000);
        Assert.Equal(state, _grid.Account(1).Balance);
        Assert.Equal([25_000_000_000, 0], _grid[0].Events.Select(e => e.Event).OfType<ReadingDecided>().Select(e => e.Charge.Nano));
    }

    [Fact]
    public void Reopened_and_reloaded_the_state_is_the_same()
    {
        Read((1, 150_000), (2, 151_000));
        Accept(1, 150_000, 50_000);
        Ok(Given.Decide(At(2), 151_000, ReadingDecision.Edit, null, valueWh: 151_500));
        var live = _grid[0].StateText();
        _grid[0].Flush();
        _grid[0].Crash();
        Assert.Equal(live, _grid[0].StateText());
        Assert.Equal(new PointDecision(ReadingDecision.Edit, 151_000, 0, 0), Meter.Last.Decision);
        Assert.Equal(new PointDecision(ReadingDecision.Accept, 150_000, 0, 50_000), Point(1).Decision);
    }

    private MeterState Meter => _grid[0].State.PeekMeter(7)!;

    private (long Charged, long Held) Sums => (Meter.Charged.Wh, Meter.Held.Wh);

    private Point Point(int hour) => Meter.Open.ToList().Find(p => p.TimeMs == At(hour));

    private long At(int hour) => _start + (hour * Instants.MsPerHour);

    private Reading Revised(int hour, long wh, byte revision) => new(7, RegisterKind.Import, At(hour), wh, 0, revision);

    private void Accept(int hour, long wh, long upTo, long now = 0) =>
        Ok(Given.Decide(At(hour), wh, ReadingDecision.Accept, VeeOutcome.Spike, upToWh: upTo), now);

    private void Ok(DecideReading command, long now = 0) => Assert.Equal("", _grid.Execute(0, command, Math.Max(now, _start)).Refusal?.Detail ?? "");

    private void Refused(RefusalCode code, DecideReading command) => Assert.Equal(code.Text, _grid.Execute(0, command, _start).Refusal?.Code.Text);

    private void Read(params (int Hour, long Wh)[] readings) => Read([.. readings.Select(r => Revised(r.Hour, r.Wh, 0))]);

    private void Read(params Reading[] readings)
    {
        _grid[0].Append(readings[^1].TimeMs, readings);
        _grid.Settle();
    }
}
