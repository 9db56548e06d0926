using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Http;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Tests;

/// <summary>What an operator is told before it fails: each check at its borders.</summary>
public sealed class DoctorTests(GridFixture grid)
{
    private static readonly DateOnly Today = new(2026, 11, 1);

    [Theory]
    [InlineData(60, null)]
    [InlineData(59, "ends on 2026-12-30, in 59 days")]
    [InlineData(0, "ends on 2026-11-01, in 0 days")]
    [InlineData(-1, "ended on 2026-10-31")]
    public void A_packs_calendar_is_warned_of_60_days_before_its_end(int left, string? said)
    {
        var shipped = PolicyCompiler.Read(File.ReadAllText(Path.Combine(PolicyCatalog.ShippedFolder, "cn-residential.json"))).Policy!.Definition;
        var pack = shipped with { Calendar = shipped.Calendar with { Until = Today.AddDays(left) } };
        var findings = DoctorChecks.Calendars([pack], Today).ToList();
        Assert.Equal(said is null ? 0 : 1, findings.Count);
        Assert.All(findings, f => Assert.Equal("calendar.ends", f.Code));
        Assert.All(findings, f => Assert.Contains(said!, f.Detail, StringComparison.Ordinal));

        // A version that reaches further is what counts.
        Assert.Empty(
            DoctorChecks.Calendars([pack, pack with { Version = pack.Version + 1, Calendar = pack.Calendar with { Until = Today.AddDays(400) } }], Today));
    }

    [Theory]
    [InlineData("2026-10-07", true, 1)] // known to the end of 2026, 60 days on but one
    [InlineData("2027-01-01", true, 0)]
    [InlineData("2025-10-01", true, 1)]
    [InlineData(null, true, 1)]
    [InlineData(null, false, 0)]
    public void A_tariff_that_depends_on_holidays_must_list_them(string? last, bool depends, int findings)
    {
        var today = new DateOnly(2026, 11, 2);
        var tariff = new TariffDefinition
        {
            Id = "t",
            Currency = "CNY",
            Zone = "Asia/Shanghai",
            Rates = [new("flat", "0.50"), new("off", "0.10")],
            Schedule = depends ? [new RateRule { Rate = "off", Days = ["holiday"] }] : [],
            Calendar = new CalendarDefinition { Holidays = last is null ? [] : [DateOnly.Parse(last, System.Globalization.CultureInfo.InvariantCulture)] },
        };
        Assert.Equal(findings, DoctorChecks.Holidays([tariff], today).Count());
    }

    /// <summary>The day that lists cover counts where it is given: it may be earlier than the end of the year, or later.</summary>
    [Theory]
    [InlineData("2026-12-31", "holiday", "tariff.holidays_end")]
    [InlineData("2027-01-01", "holiday", null)]
    [InlineData("2026-10-31", "sat", "tariff.holidays_end")]
    [InlineData("2027-01-01", "sat", null)]
    [InlineData(null, "sat", "tariff.no_calendar_until tariff.holidays_end")]
    [InlineData("2026-10-31", null, null)]
    public void A_tariff_says_when_it_is_registered_how_far_its_holidays_reach(string? until, string? day, string? codes)
    {
        var today = new DateOnly(2026, 11, 2);
        var tariff = GridFixture.Flat() with
        {
            Schedule = day is null ? [] : [new RateRule { Rate = "flat", Days = [day] }],
            Calendar = new CalendarDefinition
            {
                Holidays = [new DateOnly(2026, 10, 1)],
                Until = until is null ? null : DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture),
            },
        };
        Assert.Equal(codes?.Split(' ') ?? [], HolidayWarnings.Of(tariff, today).Select(w => w.Code));
        var ends = codes?.Contains(WarningCodes.TariffHolidaysEnd.Text, StringComparison.Ordinal) == true;
        Assert.Equal(ends ? 1 : 0, DoctorChecks.Holidays([tariff], today).Count());
    }

    [Theory]
    [InlineData(100L << 30, 1000L << 30, 1)]
    [InlineData(101L << 30, 1000L << 30, 0)]
    [InlineData((2L << 30) - 1, 4L << 30, 1)]
    [InlineData(2L << 30, 4L << 30, 0)]
    public void A_disk_that_fills_is_warned_of(long free, long total, int findings) =>
        Assert.Equal(findings, DoctorChecks.Disk("The disk", free - (findings == 1 ? 1 : 0), total).Count());

    [Theory]
    [InlineData(69, 0, 1)]
    [InlineData(70, 63, 0)]
    [InlineData(70, 64, 1)]
    public void Connections_that_run_out_are_warned_of(int usable, int taken, int findings) =>
        Assert.Equal(findings, DoctorChecks.Connections(usable, taken, silos: 3).Count());

    [Fact]
    public void A_stored_tariff_that_cannot_be_used_is_named() =>
        Assert.Contains("Stored tariff 7 cannot be used: wrong", Assert.Single(DoctorChecks.Broken(new Dictionary<int, string> { [7] = "wrong" })).Detail,
            StringComparison.Ordinal);

    [Fact]
    public void Each_code_of_a_warning_is_one_of_a_kind_and_names_subject_and_point()
    {
        var codes = typeof(WarningCodes).GetProperties().Select(p => ((WarningCode)p.GetValue(null)!).Text).ToList();
        Assert.Equal(16, codes.Distinct().Count());
        Assert.Equal(16, codes.Count);
        Assert.All(codes, c => Assert.Matches("^[a-z]+[.][a-z_]+$", c));
    }

    [Fact]
    public async Task Readiness_names_what_was_found_by_its_codes()
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(200, status);
        Assert.Equal(System.Text.Json.JsonValueKind.Array, body.GetProperty("warnings").ValueKind);
    }
}
