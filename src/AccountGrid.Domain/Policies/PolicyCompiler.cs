using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Policies;

/// <summary>Checks a pack and makes it ready. The one place where an untrusted pack becomes a trusted one; it says all that is wrong, not the first.</summary>
public static class PolicyCompiler
{
    /// <summary>Longest span of any figure in days, and of any list: a pack is a page, not a database.</summary>
    private const int DaysMax = 3_660;

    /// <summary>Longest time that an ordered restore holds, hours: whoever is never to be cut has a trait.</summary>
    public const int OrderedHoldHoursMax = 90 * 24;

    private const int MonthDaysMax = 31;

    /// <summary>Most instalments of any plan.</summary>
    public const int InstalmentsMax = 60;

    internal const string PrincipalFirst = "principal-first";
    internal const string FeesFirst = "fees-first";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static string ToJson(PolicyDefinition definition) => JsonSerializer.Serialize(definition, Options);

    /// <summary>Reads a pack. What is no pack at all is one problem that names where reading stopped.</summary>
    public static (Policy? Policy, IReadOnlyList<Refusal> Problems) Read(string json)
    {
        if (JsonInput.Check(Encoding.UTF8.GetBytes(json), typeof(PolicyDefinition), Options) is { } wrong)
        {
            return (null, [wrong with { Code = PolicyRefusals.Invalid }]);
        }

        try
        {
            return JsonSerializer.Deserialize<PolicyDefinition>(json, Options) is { } definition
                ? Compile(definition)
                : (null, [new Refusal(PolicyRefusals.Invalid, "$: the pack is null.")]);
        }
        catch (JsonException e)
        {
            return (null, [new Refusal(PolicyRefusals.Invalid, $"{e.Path ?? "$"}: this member is not part of a policy pack.")]);
        }
    }

    public static (Policy? Policy, IReadOnlyList<Refusal> Problems) Compile(PolicyDefinition d)
    {
        var check = new Checks();
        Names(check, d);
        Calendar(check, d.Calendar);
        LowBalance(check, d.LowBalance);
        Prepaid(check, d);
        Arrears(check, d);
        Cut(check, d.Cut);
        Others(check, d);
        Sources(check, d);
        return check.Problems.Count > 0 ? (null, check.Problems) : (new Policy(d, HashOf(d)), []);
    }

    private static string HashOf(PolicyDefinition definition) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(definition, Options)));

    private static void Names(Checks check, PolicyDefinition d)
    {
        check.That(d.Id is { Length: > 0 and <= Limits.IdMaxLength } && d.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'), "id", d.Id,
            $"1 to {Limits.IdMaxLength} letters, digits, - _ .");
        check.That(d.Version >= 1, "version", d.Version, "1 or more");
        check.That(d.BackBillingMonths is >= 0 and <= 120, "backBillingMonths", d.BackBillingMonths, "0 (no limit) to 120 months");
        check.Range("priceNoticeDays", d.PriceNoticeDays, 0, 365);
        check.That(d.Currency is not null && Currencies.DigitsOf(d.Currency) is not null, "currency", d.Currency,
            "a code of ISO 4217 in upper case, such as CNY");
    }

    private static void Calendar(Checks check, CalendarPolicy c)
    {
        check.That(c.From < c.Until, "calendar.until", c.Until, $"after calendar.from, {c.From:yyyy-MM-dd}");
        check.That(c.Holidays.Count > 0, "calendar.holidays", "an empty list", "the holidays of its years: without them business days are wrong");
        check.That(c.Holidays.Count + c.MovedWorkdays.Count <= DaysMax, "calendar.holidays", c.Holidays.Count, $"at most {DaysMax} days");
        foreach (var day in c.Holidays.Concat(c.MovedWorkdays))
        {
            check.That(day >= c.From && day <= c.Until, "calendar", day, $"a day from {c.From:yyyy-MM-dd} to {c.Until:yyyy-MM-dd}");
        }

        check.That(c.WorkingHours is not { } working || Hours.Of(working) is { } hours && hours.FromMinute < hours.ToMinute, "calendar.workingHours",
            c.WorkingHours, "from HH:mm to a later HH:mm of the same day");
        foreach (var day in c.MovedWorkdays)
        {
            check.That(day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday, "calendar.movedWorkdays", day, "a Saturday or Sunday that is worked");
            check.That(!c.Holidays.Contains(day), "calendar.movedWorkdays", day, "no holiday at the same time");
        }
    }

    private static void LowBalance(Checks check, LowBalancePolicy p)
    {
        // Two more are built in: the balance's end, and emergency credit's.
        check.That(p.Amounts.Count + p.DaysLeft.Count <= Limits.LevelsMax - 2, "lowBalance", p.Amounts.Count + p.DaysLeft.Count,
            $"at most {Limits.LevelsMax - 2} levels");
        for (var i = 0; i < p.Amounts.Count; i++)
        {
            var level = p.Amounts[i];
            var below = check.Money($"lowBalance.amounts[{i}].below", level.Below, signed: false);
            var rearm = check.Money($"lowBalance.amounts[{i}].rearm", level.Rearm, signed: false);
            check.That(below.Nano > 0, $"lowBalance.amounts[{i}].below", level.Below, "more than 0");
            check.That(rearm > below, $"lowBalance.amounts[{i}].rearm", level.Rearm, $"more than the level {level.Below}, or it fires again at every step");
        }

        for (var i = 0; i < p.DaysLeft.Count; i++)
        {
            var level = p.DaysLeft[i];
            check.Range($"lowBalance.daysLeft[{i}].below", level.Below, 1, 60);
            check.That(level.Rearm > level.Below && level.Rearm <= 90, $"lowBalance.daysLeft[{i}].rearm", level.Rearm,
                $"more than the level {level.Below}, at most 90");
        }

        check.That(p.Amounts.Select(a => a.Below).Distinct().Count() == p.Amounts.Count, "lowBalance.amounts",
            string.Join(", ", p.Amounts.Select(a => a.Below)), "distinct levels");
        check.That(p.DaysLeft.Select(a => a.Below).Distinct().Count() == p.DaysLeft.Count, "lowBalance.daysLeft",
            string.Join(", ", p.DaysLeft.Select(a => a.Below)), "distinct levels");
    }

    private static void Prepaid(Checks check, PolicyDefinition d)
    {
        var p = d.Prepaid;
        check.Hours("quietHours", d.QuietHours);
        check.Money("prepaid.emergencyCredit", p.EmergencyCredit, signed: false);
        check.Range("prepaid.emergencyDays", p.EmergencyDays, 0, 30);
        check.Hours("prepaid.friendlyHours", p.FriendlyHours);
        check.That(p.FriendlyDays.All(f => f is "weekend" or "holiday"), "prepaid.friendlyDays", string.Join(", ", p.FriendlyDays), "weekend, holiday");
        check.Range("prepaid.waitHours", p.WaitHours, 0, 24 * 60);
        check.Range("prepaid.lastNoticeMinutes", p.LastNoticeMinutes, 1, 24 * 60);
        check.Range("prepaid.debtShareBasisPoints", p.DebtShareBasisPoints, 0, 10_000);
        check.Money("prepaid.debtPerDay", p.DebtPerDay, signed: false);
    }

    private static void Arrears(Checks check, PolicyDefinition d)
    {
        var (b, f, l) = (d.Billing, d.LateFee, d.Ladder);
        check.Range("billing.closeAfterDays", b.CloseAfterDays, 1, 28);
        check.Range("billing.dueBusinessDays", b.DueBusinessDays, 1, 60);
        check.Asked("billing.arrearsMinimum", b.ArrearsMinimum, d.Currency);
        check.That(b.Allocation is PrincipalFirst or FeesFirst, "billing.allocation", b.Allocation, $"{PrincipalFirst} or {FeesFirst}");
        check.That(IsRisingMonth(b.InstalmentDays), "billing.instalmentDays", string.Join(", ", b.InstalmentDays),
            $"rising days of the month from 1, the last of them {MonthDaysMax}");
        check.Range("lateFee.perDayBasisPoints", f.PerDayBasisPoints, 0, 100);
        check.Range("lateFee.carriedPerDayBasisPoints", f.CarriedPerDayBasisPoints, 0, 100);
        check.Asked("lateFee.minimum", f.Minimum, d.Currency);
        check.Range("ladder.reminderBeforeDueDays", l.ReminderBeforeDueDays, 0, 30);
        check.Range("ladder.dwellDays", l.DwellDays, 1, 30);
        check.Range("ladder.caseBusinessDays", l.CaseBusinessDays, 1, 60);
        (string Name, int Days)[] stages =
        [
            ("courtesyAfterDays", l.CourtesyAfterDays), ("contactAfterDays", l.ContactAfterDays), ("planOfferAfterDays", l.PlanOfferAfterDays),
            ("demandAfterDays", l.DemandAfterDays),
            ("stopNoticeAfterDays", l.StopNoticeAfterDays), ("closedAfterDays", l.ClosedAfterDays), ("writtenOffAfterDays", l.WrittenOffAfterDays),
        ];
        check.Range("ladder.courtesyAfterDays", l.CourtesyAfterDays, 1, DaysMax);
        for (var i = 1; i < stages.Length; i++)
        {
            check.That(stages[i].Days > stages[i - 1].Days && stages[i].Days <= DaysMax, $"ladder.{stages[i].Name}", stages[i].Days,
                $"more than {stages[i - 1].Name}, {stages[i - 1].Days}");
        }
    }

    private static bool IsRisingMonth(IReadOnlyList<int> days) =>
        days is [>= 1, ..] && days[^1] == MonthDaysMax && days.SequenceEqual(days.Distinct().Order());

    private static void Cut(Checks check, CutPolicy c)
    {
        check.Range("cut.overdueDaysMoreThan", c.OverdueDaysMoreThan, 0, 365);
        check.Range("cut.stopNoticeDaysMin", c.StopNoticeDaysMin, 1, 60);
        check.That(c.StopNoticeDaysMax > c.StopNoticeDaysMin && c.StopNoticeDaysMax <= 90, "cut.stopNoticeDaysMax", c.StopNoticeDaysMax,
            $"more than stopNoticeDaysMin, {c.StopNoticeDaysMin}, at most 90");
        check.Range("cut.lastNoticeMinutes", c.LastNoticeMinutes, 1, 24 * 60);
        check.Range("cut.contactAttemptsMin", c.ContactAttemptsMin, 0, 100);
        check.That(c.ProtectedMonths.All(m => m is >= 1 and <= 12), "cut.protectedMonths", string.Join(", ", c.ProtectedMonths), "months 1 to 12");
        check.Hours("cut.allowedHours", c.AllowedHours);
        check.That(c.AllowedHours.From != c.AllowedHours.To, "cut.allowedHours", c.AllowedHours.From, "hours that are some time of the day");
        check.Range("cut.dataAgeHoursMax", c.DataAgeHoursMax, 1, 24 * 31);
        check.Range("cut.balanceShownDaysMax", c.BalanceShownDaysMax, 1, 90);
    }

    private static void Others(Checks check, PolicyDefinition d)
    {
        check.Range("restore.withinMinutes", d.Restore.WithinMinutes, 1, 7 * 24 * 60);
        check.Money("restore.compensation", d.Restore.Compensation, signed: false);
        check.Range("restore.orderedHoldHours", d.Restore.OrderedHoldHours, 1, OrderedHoldHoursMax);
        check.Range("complaint.contactBusinessDays", d.Complaint.ContactBusinessDays, 1, 60);
        check.That(d.Complaint.AnswerBusinessDays >= d.Complaint.ContactBusinessDays && d.Complaint.AnswerBusinessDays <= 120, "complaint.answerBusinessDays",
            d.Complaint.AnswerBusinessDays, $"at least contactBusinessDays, {d.Complaint.ContactBusinessDays}, at most 120");
        check.Range("breaker.perHour", d.Breaker.PerHour, 1, 1_000_000);
        check.Range("breaker.perAreaPerHour", d.Breaker.PerAreaPerHour, 1, 1_000_000);
        check.Range("breaker.perTariffPerHour", d.Breaker.PerTariffPerHour, 1, 1_000_000);
        check.Money("approval.adjustmentAbove", d.Approval.AdjustmentAbove, signed: false);
        check.Money("approval.waiverAbove", d.Approval.WaiverAbove, signed: false);
        foreach (var grade in d.Instalments is null ? [] : Enum.GetValues<Customers.RiskGrade>())
        {
            var (name, terms) = ($"instalments.{JsonNamingPolicy.CamelCase.ConvertName(grade.ToString())}", d.Instalments![grade]);
            check.Range($"{name}.most", terms.Most, 0, InstalmentsMax);
            check.Range($"{name}.firstShareBasisPoints", terms.FirstShareBasisPoints, 0, 10_000);
        }
    }

    /// <summary>Every figure has a source, of itself or of its group, and no source speaks of a figure that is not there.</summary>
    private static void Sources(Checks check, PolicyDefinition d)
    {
        var figures = Figures(d, "").ToList();
        foreach (var source in d.Sources)
        {
            check.That(figures.Any(f => IsOf(f, source.Figure)), "sources.figure", source.Figure, "the path of a figure or group of this pack");
            check.That(!string.IsNullOrWhiteSpace(source.Source), $"sources[{source.Figure}].source", source.Source, "where the figure is written");
        }

        foreach (var figure in figures.Where(f => !d.Sources.Any(s => IsOf(f, s.Figure))))
        {
            check.That(false, "sources", figure, "a source for this figure or its group");
        }
    }

    private static bool IsOf(string figure, string group) => figure == group || figure.StartsWith(group + ".", StringComparison.Ordinal);

    private static IEnumerable<string> Figures(object part, string prefix)
    {
        foreach (var property in part.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var name = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (name is "id" or "version" or "effectiveFrom" or "currency" or "sources" || (name == "instalments" && property.GetValue(part) is null))
            {
                continue;
            }

            var isGroup =
                property.PropertyType.IsClass && property.PropertyType != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(property.PropertyType);
            foreach (var figure in isGroup && property.GetValue(part) is { } group ? Figures(group, name + ".") : [name])
            {
                yield return figure;
            }
        }
    }

    private sealed class Checks
    {
        public List<Refusal> Problems { get; } = [];

        public void That(bool holds, string field, object? value, string expected)
        {
            if (!holds)
            {
                Problems.Add(
                    new Refusal(PolicyRefusals.Invalid,
                        $"{field}: '{(value is DateOnly day ? day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : value)}' is "
                            + $"not {expected}."));
            }
        }

        public void Range(string field, int value, int from, int to) => That(value >= from && value <= to, field, value, $"{from} to {to}");

        public Money Money(string field, string text, bool signed)
        {
            var parses = Domain.Money.TryParse(text, out var money);
            var inRange =
                money <= Domain.Money.FromUnits(Limits.AmountMax) && (signed ? money >= -Domain.Money.FromUnits(Limits.AmountMax) : !money.IsNegative);
            That(parses && inRange, field, text, $"a decimal string from {(signed ? -Limits.AmountMax : 0)} to {Limits.AmountMax} with at most nine decimals");
            return money;
        }

        /// <summary>An amount that customers are asked for: whole smallest units of the currency.</summary>
        public void Asked(string field, string text, string? currency)
        {
            if (currency is not null && Currencies.DigitsOf(currency) is { } digits && Money(field, text, signed: false) is var money)
            {
                That(money.RoundedUpTo(digits) == money, field, text, $"an amount with at most {digits} decimals, as {currency} has");
            }
        }

        public void Hours(string field, HoursPolicy hours) =>
            That(Policies.Hours.Of(hours) is not null, field, $"{hours.From} to {hours.To}", "two times HH:mm");
    }
}
