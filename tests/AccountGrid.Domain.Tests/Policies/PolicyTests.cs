using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Policies;

public sealed class PolicyTests
{
    [Theory]
    [InlineData("cn-residential")]
    [InlineData("cn-business")]
    [InlineData("gb-prepay")]
    public void A_shipped_pack_is_sound_and_reads_back_as_the_same(string id)
    {
        var policy = Packs.Get(id);
        var again = PolicyCompiler.Read(PolicyCompiler.ToJson(policy.Definition)).Policy!;
        Assert.Equal(policy.Hash, again.Hash);
        Assert.StartsWith($"{id}/1#", policy.Stamp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rearm\": \"60\"", "\"rearm\": \"40\"", "lowBalance.amounts[0].rearm: '40'")]
    [InlineData("\"minimum\": \"1\"", "\"minimum\": \"-1\"", "lateFee.minimum: '-1'")]
    [InlineData("\"below\": 7", "\"below\": 12", "lowBalance.daysLeft[0].rearm: '10'")]
    [InlineData("\"courtesyAfterDays\": 3", "\"courtesyAfterDays\": 10", "ladder.contactAfterDays: '10'")]
    [InlineData("\"stopNoticeDaysMax\": 7", "\"stopNoticeDaysMax\": 3", "cut.stopNoticeDaysMax: '3'")]
    [InlineData("\"from\": \"09:00\"", "\"from\": \"9\"", "cut.allowedHours: '9 to 15:00'")]
    [InlineData("\"2026-01-04\"", "\"2026-01-05\"", "calendar.movedWorkdays: '2026-01-05'")]
    [InlineData("\"2026-01-04\"", "\"2026-01-03\"", "calendar.movedWorkdays: '2026-01-03'")]
    [InlineData("\"currency\": \"CNY\"", "\"currency\": \"yuan\"", "currency: 'yuan'")]
    [InlineData("\"figure\": \"quietHours\"", "\"figure\": \"quiet\"", "sources.figure: 'quiet'")]
    [InlineData("\"figure\": \"quietHours\"", "\"figure\": \"billing\"", "sources: 'quietHours.from'")]
    [InlineData("\"perDayBasisPoints\": 10", "\"perDayBasisPoints\": \"ten\"", "lateFee.perDayBasisPoints")]
    [InlineData("\"dwellDays\"", "\"dwell\"", "ladder")]
    public void A_contradiction_is_named_by_field_and_value(string right, string wrong, string named)
    {
        var json = Packs.Json("cn-residential");
        var at = json.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The pack has no {right}.");
        var (policy, problems) = PolicyCompiler.Read(string.Concat(json.AsSpan(0, at), wrong, json.AsSpan(at + right.Length)));
        Assert.Null(policy);
        Assert.Contains(problems, p => p.Detail.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_calendar_is_refused_and_all_that_is_wrong_is_said_at_once()
    {
        var d = Packs.Get("cn-residential").Definition;
        var (policy, problems) = PolicyCompiler.Compile(d with
        {
            Calendar = d.Calendar with { Holidays = [] },
            LateFee = d.LateFee with { Minimum = "x" },
            Restore = d.Restore with { WithinMinutes = 0 },
        });
        Assert.Null(policy);
        Assert.Equal(["calendar.holidays", "lateFee.minimum", "restore.withinMinutes"], problems.Select(p => p.Detail.Split(':')[0]));
    }

    /// <summary>The long holiday of October 2026: 1 to 7, with 20 September and 10 October worked for it.</summary>
    [Theory]
    [InlineData("2026-09-30", 0, "2026-09-30")]
    [InlineData("2026-09-30", 1, "2026-10-08")]
    [InlineData("2026-10-01", 0, "2026-10-08")]
    [InlineData("2026-10-09", 1, "2026-10-10")]
    [InlineData("2026-10-10", 1, "2026-10-12")]
    [InlineData("2026-09-18", 1, "2026-09-20")]
    public void Business_days_follow_holidays_and_the_workdays_that_were_moved(string from, int count, string to) =>
        Assert.Equal(Given.Day(to), Packs.Get("cn-residential").Business.AddBusinessDays(Given.Day(from), count));

    [Theory]
    [InlineData("2026-03-02T20:59:59+08:00", "2026-03-02T20:59:59+08:00")]
    [InlineData("2026-03-02T21:00:00+08:00", "2026-03-03T08:00:00+08:00")]
    [InlineData("2026-03-03T07:59:30+08:00", "2026-03-03T08:00:00+08:00")]
    [InlineData("2026-03-03T08:00:00+08:00", "2026-03-03T08:00:00+08:00")]
    public void Quiet_hours_hold_until_their_end(string at, string until) =>
        Assert.Equal(Given.At(until), Packs.Get("cn-residential").AfterQuietHours(LocalCalendar.Find("Asia/Shanghai")!, Given.At(at)));

    [Fact]
    public void Quiet_hours_end_by_the_wall_clock_on_the_night_that_clocks_change()
    {
        var london = LocalCalendar.Find("Europe/London")!;
        var pack = Packs.Get("gb-prepay");
        Assert.Equal(Given.At("2026-03-29T07:00:00Z"), pack.AfterQuietHours(london, Given.At("2026-03-28T22:00:00Z")));
        Assert.Equal(Given.At("2026-10-25T08:00:00Z"), pack.AfterQuietHours(london, Given.At("2026-10-24T22:00:00Z")));
    }
}
