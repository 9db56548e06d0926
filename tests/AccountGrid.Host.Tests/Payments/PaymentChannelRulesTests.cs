using System.Globalization;
using System.Reflection;
using AccountGrid.Domain;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Tests.Payments;

/// <summary>A channel's definition and a payment under it, at the borders of each rule.</summary>
public sealed class PaymentChannelRulesTests
{
    private static readonly DateTimeOffset Noon = At("2026-03-10T12:00:00+08:00");

    private static readonly PaymentChannelDefinition Bank = new()
    {
        Id = "bank-a",
        Kind = "bank",
        EffectiveFrom = new DateOnly(2026, 1, 1),
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Tenders = ["bank", "card"],
        MaxAmount = "5000",
    };

    public static TheoryData<PaymentChannelDefinition, string> Wrong => new()
    {
        { Bank with { Id = "a b" }, "id: 'a b'" },
        { Bank with { Kind = "shop" }, "kind: 'shop'" },
        { Bank with { Currency = "RMB" }, "currency: 'RMB'" },
        { Bank with { Zone = "China" }, "zone: 'China'" },
        { Bank with { Operations = [] }, "operations: ''" },
        { Bank with { Operations = ["pay", "pay"] }, "operations: 'pay, pay'" },
        { Bank with { Tenders = ["gold"] }, "tenders: 'gold'" },
        { Bank with { MinAmount = "0" }, "minAmount: '0'" },
        { Bank with { MinAmount = "10", MaxAmount = "9.99" }, "maxAmount: '9.99'" },
        { Bank with { MaxAmount = "much" }, "maxAmount: 'much'" },
        { Bank with { Exactness = "down" }, "exactness: 'down'" },
        { Bank with { CutOff = "00:00" }, "cutOff: '00:00'" },
        { Bank with { CutOff = "24:01" }, "cutOff: '24:01'" },
        { Bank with { ReversalHours = -1 }, "reversalHours: '-1'" },
        { Bank with { ReversalHours = 9_601 }, "reversalHours: '9601'" },
        { Bank with { PendingMinutes = 121 }, "pendingMinutes: '121'" },
        { Bank with { Fee = new("-1", 0, "company") }, "fee.fixed: '-1'" },
        { Bank with { Fee = new("0", 10_001, "company") }, "fee.basisPoints: '10001'" },
        { Bank with { Fee = new("0", 0, "state") }, "fee.bornBy: 'state'" },
        { Bank with { Owner = "" }, "owner: ''" },
        { Bank with { Watch = new() { SilenceMinutes = 0 } }, "watch.silenceMinutes: '0'" },
        { Bank with { Watch = new() { SilenceMinutes = 1_441 } }, "watch.silenceMinutes: '1441'" },
        { Bank with { Watch = new() { SilenceMinutes = 5, From = "24:00" } }, "watch.from: '24:00'" },
        { Bank with { Watch = new() { SilenceMinutes = 5, From = "08:00", To = "08:00" } }, "watch.to: '08:00'" },
        { Bank with { Watch = new() { SilenceMinutes = 5, Probe = new("http://bank.example/") } }, "watch.probe.url: 'http://bank.example/'" },
        { Bank with { Watch = new() { SilenceMinutes = 5, Probe = new("https://a:b@bank.example/") } }, "watch.probe.url: 'https://a:b@bank.example/'" },
        { Bank with { Watch = new() { SilenceMinutes = 5, Probe = new("https://bank.example/", 0) } }, "watch.probe.everyMinutes: '0'" },
        { Bank with { Watch = new() { SilenceMinutes = 5, Probe = new("https://bank.example/", 5, 31) } }, "watch.probe.timeoutSeconds: '31'" },
        { Bank with { Targets = new Dictionary<string, decimal> { ["speed"] = 1 } }, "targets: 'speed'" },
        { Bank with { Targets = new Dictionary<string, decimal> { ["successRate"] = 1.01m } }, "targets.successRate: '1.01'" },
        { Bank with { Targets = new Dictionary<string, decimal> { ["p95"] = -1 } }, "targets.p95: '-1'" },
        { Bank with { Targets = new Dictionary<string, decimal> { ["availability"] = 0.9m } }, "targets.availability: '0.9'" },
        { Bank with { Targets = new Dictionary<string, decimal> { ["unmatched"] = 5 } }, "targets.unmatched: '5'" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_definition_is_refused_with_its_field_and_value(PaymentChannelDefinition definition, string starts) =>
        Assert.StartsWith(starts, PaymentChannelRules.Check(definition)!.Detail, StringComparison.Ordinal);

    [Fact]
    public void A_definition_at_the_borders_is_taken()
    {
        Assert.Null(PaymentChannelRules.Check(Bank));
        Assert.Null(
            PaymentChannelRules.Check(
                Bank with
                {
                    MinAmount = "5000",
                    CutOff = "00:01",
                    ReversalHours = 0,
                    PendingMinutes = 0,
                    Exactness = "exact",
                    Fee = new("0.5", 10_000, "customer"),
                    Owner = "mia",
                    Watch = new() { SilenceMinutes = 1_440, Probe = new("https://bank.example/health", 60, 30) },
                    Targets = new Dictionary<string, decimal> { ["availability"] = 1, ["successRate"] = 0, ["complaints"] = 10_000, ["p99"] = 0 },
                }));
        Assert.Null(PaymentChannelRules.Check(
            Bank with { Watch = new() { SilenceMinutes = 1, Probe = new("http://bank.example/", 1, 1) } }, allowHttp: true));
        Assert.Null(PaymentChannelRules.Check(Bank with { ReversalHours = 9_600, PendingMinutes = 120 }));
    }

    [Theory]
    [InlineData("24:00", "2026-03-10T23:59:59+08:00", "2026-03-10")]
    [InlineData("24:00", "2026-03-11T00:00:00+08:00", "2026-03-11")]
    [InlineData("22:00", "2026-03-10T21:59:59+08:00", "2026-03-10")]
    [InlineData("22:00", "2026-03-10T22:00:00+08:00", "2026-03-11")]
    [InlineData("22:00", "2026-03-10T14:00:00Z", "2026-03-11")]
    public void The_business_day_ends_at_the_cut_off(string cutOff, string at, string day) =>
        Assert.Equal(DateOnly.Parse(day, CultureInfo.InvariantCulture), PaymentChannelRules.BusinessDay(Bank with { CutOff = cutOff }, At(at)));

    [Fact]
    public void The_cut_off_is_a_time_of_the_clock_on_days_that_have_23_hours()
    {
        var berlin = Bank with { Zone = "Europe/Berlin", CutOff = "20:00" };
        Assert.Equal(new DateOnly(2026, 3, 29), PaymentChannelRules.BusinessDay(berlin, At("2026-03-29T19:59:59+02:00")));
        Assert.Equal(new DateOnly(2026, 3, 30), PaymentChannelRules.BusinessDay(berlin, At("2026-03-29T20:00:00+02:00")));
    }

    public static TheoryData<string, string?, string?> Payments => new()
    {
        { "amount=0.01", null, null },
        { "amount=5000", null, null },
        { "amount=5000.01", null, "payment.amount_out_of_range" },
        { "amount=1.005", null, "payment.amount_digits" },
        { "currency=USD", null, "payment.currency_differs" },
        { "tender=cash", null, "payment.tender_not_allowed" },
        { "operations=query", null, "channel.operation_not_allowed" },
        { "day=2026-02-24", null, null },
        { "day=2026-02-23", null, "payment.day_invalid" },
        { "day=2026-03-11", null, null },
        { "day=2026-03-12", null, "payment.day_invalid" },
        { "paid=2026-03-10T12:10:00+08:00", null, null },
        { "paid=2026-03-10T12:10:01+08:00", null, "payment.paid_in_future" },
        { "exact", null, "payment.query_needed" },
        { "exact amount=10", "10", null },
        { "exact amount=10.01", "10", "payment.amount_not_exact" },
        { "exact amount=9.99", "10", "payment.amount_not_exact" },
        { "up amount=10", "10", null },
        { "up amount=10.01", "10", null },
        { "up amount=9.99", "10", "payment.amount_not_exact" },
    };

    [Theory]
    [MemberData(nameof(Payments))]
    public void A_payment_is_judged_at_the_borders(string change, string? quoted, string? code)
    {
        var (channel, request) = (Bank, new ChannelPaymentRequest("T1", "A1", "10", "CNY", Noon, new DateOnly(2026, 3, 10), "bank"));
        foreach (var part in change.Split(' '))
        {
            var value = part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..];
            (channel, request) = part.Split('=')[0] switch
            {
                "amount" => (channel, request with { Amount = value }),
                "currency" => (channel, request with { Currency = value }),
                "tender" => (channel, request with { Tender = value }),
                "operations" => (channel with { Operations = [value] }, request),
                "day" => (channel, request with { BusinessDay = DateOnly.Parse(value, CultureInfo.InvariantCulture) }),
                "paid" => (channel, request with { PaidAt = At(value) }),
                _ => (channel with { Exactness = part }, request),
            };
        }

        Assert.True(Money.TryParse(request.Amount, out var amount));
        var wasQuoted = Money.TryParse(quoted, out var quote);
        Assert.Equal(code, PaymentChannelRules.Check(channel, request, amount, wasQuoted ? quote : null, Noon)?.Code.Text);
    }

    [Theory]
    [InlineData("timeout", 24, false)]
    [InlineData("operator", 24.001, true)]
    [InlineData("customer", 24.001, true)]
    [InlineData("timeout", 24.001, true)]
    [InlineData("bounced", 1_000, false)]
    [InlineData("chargeback", 9_000, false)]
    public void The_window_of_a_reversal_ends_but_not_for_money_that_is_gone(string reason, double hours, bool isOver) =>
        Assert.Equal(isOver, ChannelPayments.IsWindowOver(Bank, reason, Noon, Noon.AddHours(hours)));

    [Fact]
    public void Every_refusal_that_a_channel_can_get_has_a_text_for_the_customer()
    {
        RefusalCode[] ofStaff =
            [PaymentChannelRefusals.Invalid, PaymentChannelRefusals.Immutable, PaymentChannelRefusals.HeldUnknown];
        var codes =
            typeof(PaymentChannelRefusals).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => (RefusalCode)p.GetValue(null)!).ToList();
        Assert.True(codes.Count > 20);
        Assert.All(codes.Where(c => c.Status > 0).Except(ofStaff), c => Assert.True(ChannelTexts.Has(c), c.Text));
    }

    [Theory]
    [InlineData("10", "0", "0", "energy 10.000000000")]
    [InlineData("10", "2.5", "0.5", "debt 2.500000000, lateFee 0.500000000, energy 7.000000000")]
    [InlineData("10", "10", "0", "debt 10.000000000")]
    public void Parts_of_a_payment_sum_to_it(string amount, string debt, string fees, string parts)
    {
        Money Of(string text) => Money.TryParse(text, out var money) ? money : throw new FormatException(text);
        Assert.Equal(parts, string.Join(", ", ChannelBooking.Parts(Of(amount), Of(debt), Of(fees)).Select(p => $"{p.To} {p.Amount}")));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
