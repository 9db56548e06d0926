using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Policies;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Reconciliation;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>What the comparison of a channel's lines with the grid's entries finds, case by case.</summary>
public sealed class ReconcilerTests
{
    private static readonly DateOnly Day = new(2026, 3, 10);
    private static readonly AgreedFee None = new(null, 2);

    /// <summary>One Monday is a holiday, and the Saturday behind it a workday.</summary>
    internal static readonly BusinessCalendar Business = new(new CalendarPolicy(
        new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31), [new DateOnly(2026, 3, 30)], [new DateOnly(2026, 4, 4)]));

    [Fact]
    public void What_both_have_alike_is_matched_and_what_one_has_is_missing_on_the_other_side()
    {
        var result = Run([Paid("T1", "10"), Paid("T2", "20")], [Own("T1", "10"), Own("T3", "30")]);
        Assert.Equal(["T1 matched", "T2 missing_here"], Texts(result));
        Assert.Equal("T3", Assert.Single(result.MissingThere).Own.Txn);
        Assert.Null(result.MissingThere[0].Proposal);
    }

    [Theory]
    [InlineData("10.00", 0, "matched")]
    [InlineData("10.01", 0, "amount")]
    [InlineData("9.99", 1, "amount")]
    [InlineData("10.00", 1, "day_shift")]
    [InlineData("10.00", -1, "day_shift")]
    [InlineData("10.00", 5, "day_shift")]
    public void The_amount_is_compared_before_the_day(string amount, int days, string expected) =>
        Assert.Equal([$"T1 {expected}"], Texts(Run([Paid("T1", amount, days)], [Own("T1", "10")])));

    [Fact]
    public void An_id_of_the_channel_goes_before_a_reference_and_a_reference_of_several_payments_matches_none()
    {
        var byReference = Run([Paid("X", "10", references: "R1")], [Own("T1", "10", references: "R1"), Own("T2", "10", references: "R2")]);
        Assert.Equal(["X matched"], Texts(byReference));
        Assert.Equal("T1", byReference.Lines[0].Own!.Txn);
        Assert.Equal("T2", Assert.Single(byReference.MissingThere).Own.Txn);
        var byId = Run([Paid("T2", "10", references: "R1")], [Own("T1", "10", references: "R1"), Own("T2", "10")]);
        Assert.Equal("T2", byId.Lines[0].Own!.Txn);
        var shared = Run([Paid(null, "10", references: "R1")], [Own("T1", "10", references: "R1"), Own("T2", "10", references: "R1")]);
        Assert.Equal([" missing_here"], Texts(shared));
        Assert.Equal(["T1", "T2"], shared.MissingThere.Select(o => o.Own.Txn).Order());
    }

    [Fact]
    public void A_mandate_names_many_payments_and_matches_none()
    {
        var line = Paid(null, "10") with { References = [new("mandate", "M1")] };
        Assert.Equal([" missing_here"], Texts(Run([line], [Own("T1", "10", references: "M1")])));
    }

    [Fact]
    public void A_line_twice_in_one_file_is_a_duplicate_and_in_two_files_it_is_one_line()
    {
        var line = Paid("T1", "10");
        Assert.Equal(["T1 duplicate", "T1 matched"], Texts(Run([line, line], [Own("T1", "10")])));
        var twoFiles = RunFiles([new("F1", 0, line), new("F2", 7, line with { Line = 99 })], [Own("T1", "10")]);
        Assert.Equal(["T1 matched"], Texts(twoFiles));
        Assert.Equal([("F1", 0), ("F2", 7)], twoFiles.Lines[0].Places.Select(p => (p.Settlement, p.Ordinal)));
        Assert.Equal(["T2 duplicate", "T2 missing_here"], Texts(Run([Paid("T2", "10"), Paid("T2", "11")], [])));
        Assert.Equal(["T1 duplicate", "T1 matched"], Texts(Run([Paid("T1", "10"), Paid("T1", "11")], [Own("T1", "10")])));
        Assert.Equal([" missing_here", " missing_here"], Texts(Run([Paid(null, "5"), Paid(null, "5")], [])));
    }

    [Fact]
    public void A_refund_is_matched_with_the_reversal_by_its_id_by_its_payment_or_by_a_reference()
    {
        OwnEntry[] own = [Own("T1", "10", references: "E1"), Reversal("R1", "T1", "10")];
        Assert.Equal(["R1 matched", "T1 matched"], Texts(Run([Paid("T1", "10"), Refund("R1", null, "10")], own)));
        Assert.Equal(["T1 matched", "X matched"], Texts(Run([Paid("T1", "10"), Refund("X", "T1", "10")], own)));
        Assert.Equal(["T1 matched", "X matched"], Texts(Run([Paid("T1", "10"), Refund("X", null, "10", references: "E1")], own)));
        Assert.Equal(["T1 matched", "X amount"], Texts(Run([Paid("T1", "10"), Refund("X", "T1", "9")], own)));
        Assert.Equal(["T1 matched", "X missing_here"], Texts(Run([Paid("T1", "10"), Refund("X", "T1", "10")], [Own("T1", "10")])));
    }

    [Fact]
    public void A_refund_in_parts_is_matched_if_the_parts_make_the_whole()
    {
        OwnEntry[] own = [Own("T1", "10"), Reversal("R1", "T1", "10")];
        Assert.Equal(["A matched", "B matched", "T1 matched"], Texts(Run([Paid("T1", "10"), Refund("A", "T1", "4"), Refund("B", "T1", "6")], own)));
        Assert.Equal(["A amount", "B duplicate", "T1 matched"], Texts(Run([Paid("T1", "10"), Refund("A", "T1", "4"), Refund("B", "T1", "5")], own)).Order());
    }

    [Fact]
    public void A_payment_that_was_taken_back_before_it_came_is_as_if_it_had_never_been()
    {
        // The channel's books have both; the grid closed the id, and has neither.
        Assert.Equal(["R1 matched", "T1 matched"], Texts(Run([Paid("T1", "10"), Refund("R1", "T1", "10")], [])));
        Assert.Equal(["R1 missing_here", "T1 missing_here"], Texts(Run([Paid("T1", "10"), Refund("R1", "T1", "9")], [])));

        // The grid has both, and the channel leaves out what it cancelled.
        Assert.Empty(Run([], [Own("T1", "10"), Reversal("R1", "T1", "10")]).MissingThere);

        // The channel has the payment only: what was taken back here is missing there.
        var half = Run([Paid("T1", "10")], [Own("T1", "10"), Reversal("R1", "T1", "10")]);
        Assert.Equal(["T1 matched"], Texts(half));
        Assert.Equal("R1", Assert.Single(half.MissingThere).Own.Txn);
    }

    [Fact]
    public void What_is_alike_by_account_amount_and_a_day_is_only_proposed_and_only_where_each_has_one_candidate()
    {
        var one = Run([Paid("X", "10", 1, account: "A1")], [Own("T1", "10", account: "A1")]);
        Assert.Equal(["X missing_here"], Texts(one));
        Assert.Equal("T1", one.Lines[0].Proposal!.Txn);
        Assert.Equal(one.Lines[0].Key, Assert.Single(one.MissingThere).Proposal);
        Assert.Null(Run([Paid("X", "10", 2, account: "A1")], [Own("T1", "10", account: "A1")]).Lines[0].Proposal);
        Assert.Null(Run([Paid("X", "10", account: "A2")], [Own("T1", "10", account: "A1")]).Lines[0].Proposal);
        Assert.Null(Run([Paid("X", "11", account: "A1")], [Own("T1", "10", account: "A1")]).Lines[0].Proposal);
        Assert.Null(Run([Paid("X", "10")], [Own("T1", "10")]).Lines[0].Proposal);
        var two = Run([Paid("X", "10", account: "A1")], [Own("T1", "10", account: "A1"), Own("T2", "10", account: "A1")]);
        Assert.Null(two.Lines[0].Proposal);
        Assert.All(two.MissingThere, o => Assert.Null(o.Proposal));
    }

    [Theory]
    [InlineData("2026-03-10", "2026-03-10", true)]
    [InlineData("2026-03-10", "2026-03-11", true)]
    [InlineData("2026-03-10", "2026-03-12", false)]
    [InlineData("2026-03-13", "2026-03-16", true)] // From a Friday to a Monday.
    [InlineData("2026-03-12", "2026-03-16", false)]
    [InlineData("2026-03-13", "2026-03-17", false)]
    [InlineData("2026-03-13", "2026-03-15", true)]
    [InlineData("2026-03-14", "2026-03-16", true)]
    [InlineData("2026-03-14", "2026-03-17", false)]
    [InlineData("2026-03-06", "2026-03-16", false)]
    [InlineData("2026-03-27", "2026-03-31", true)] // The Monday is a holiday.
    [InlineData("2026-03-27", "2026-04-01", false)]
    [InlineData("2026-04-03", "2026-04-05", false)] // The Saturday is a workday.
    public void A_business_day_apart_skips_weekends_and_holidays(string one, string other, bool expected)
    {
        var (first, second) = (DateOnly.Parse(one, CultureInfo.InvariantCulture), DateOnly.Parse(other, CultureInfo.InvariantCulture));
        Assert.Equal((expected, expected), (Reconciler.AreNear(Business, first, second), Reconciler.AreNear(Business, second, first)));
    }

    [Fact]
    public void What_a_person_paired_is_matched()
    {
        FileLine[] lines = [new("F", 0, Paid("X", "10", account: "A1"))];
        OwnEntry[] own = [Own("T1", "10", account: "A1")];
        var key = Reconciler.Run(lines, own, None, Business, new Dictionary<string, string>()).Lines[0].Key;
        var paired = Reconciler.Run(lines, own, None, Business, new Dictionary<string, string> { [key] = "T1" });
        Assert.Equal(["X matched"], Texts(paired));
        Assert.Empty(paired.MissingThere);
    }

    [Fact]
    public void A_payment_that_was_booked_anew_with_the_channels_amount_is_matched_with_that()
    {
        var result = Run([Paid("T1", "12")], [Own("T1", "10"), Reversal("R1", "T1", "10"), Own("N1", "12", references: "T1")]);
        Assert.Equal(["T1 matched"], Texts(result));
        Assert.Equal("N1", result.Lines[0].Own!.Txn);
        Assert.Empty(result.MissingThere);
    }

    [Theory]
    [InlineData("0.60", "company", "matched")]
    [InlineData("0.6049", "company", "matched")]
    [InlineData("0.61", "company", "fee")]
    [InlineData("0.59", "company", "fee")]
    [InlineData("0", "company", "matched")]
    [InlineData("0.60", "customer", "fee")]
    [InlineData("0.60", null, "fee")]
    public void The_fee_of_a_line_is_what_is_agreed_or_the_file_does_not_say(string kept, string? bornBy, string expected)
    {
        var fee = new AgreedFee(bornBy is null ? null : new PaymentChannelFee("0.10", 50, bornBy), 2);
        Assert.Equal([$"T1 {expected}"], Texts(Run([Paid("T1", "100", fee: kept)], [Own("T1", "100")], fee)));
    }

    [Theory]
    [InlineData("-0.60", "matched")]
    [InlineData("-0.30", "matched")]
    [InlineData("0", "matched")]
    [InlineData("0.01", "fee")]
    [InlineData("-0.61", "fee")]
    public void Of_a_refund_the_fee_may_come_back_and_no_more(string kept, string expected)
    {
        var fee = new AgreedFee(new PaymentChannelFee("0.10", 50, "company"), 2);
        var refund = Refund("R1", "T1", "100") with { Fee = M(kept) };
        Assert.Equal([$"R1 {expected}", "T1 matched"], Texts(Run([Paid("T1", "100"), refund], [Own("T1", "100"), Reversal("R1", "T1", "100")], fee)));
    }

    [Fact]
    public void A_fee_in_a_line_of_its_own_is_that_of_its_payment_or_a_difference()
    {
        var fee = new AgreedFee(new PaymentChannelFee("15", 0, "company"), 2);
        Assert.Equal(["T1 matched", "T1 matched"], Texts(Run([Paid("T1", "100"), Charge("T1", "15")], [Own("T1", "100")], fee)));
        Assert.Equal(["T1 matched", "T1 matched", "T1 matched"],
            Texts(Run([Paid("T1", "100"), Charge("T1", "10"), Charge("T1", "5")], [Own("T1", "100")], fee)));
        Assert.Equal(["T1 fee", "T1 matched"], Texts(Run([Paid("T1", "100"), Charge("T1", "16")], [Own("T1", "100")], fee)));
        Assert.Equal(["S1 fee"], Texts(Run([Charge("S1", "15")], [], fee)));
    }

    internal static ReconciliationOutcome Run(IEnumerable<SettlementLine> lines, IEnumerable<OwnEntry> own, AgreedFee? fee = null) =>
        RunFiles([.. lines.Select((l, i) => new FileLine("F1", i, l))], own, fee);

    internal static ReconciliationOutcome RunFiles(FileLine[] lines, IEnumerable<OwnEntry> own, AgreedFee? fee = null) =>
        Reconciler.Run(lines, own, fee ?? None, Business, new Dictionary<string, string>());

    internal static SettlementLine Paid(string? txn, string amount, int days = 0, string? account = null, string fee = "0", string? references = null) =>
        new(1, SettlementLineKind.Payment, txn, References(references), M(amount), M(fee), null, Day.AddDays(days), account, null);

    internal static SettlementLine Refund(string? txn, string? original, string amount, int days = 0, string? references = null) =>
        new(1, SettlementLineKind.Refund, txn, References(references), M(amount), Money.Zero, null, Day.AddDays(days), null, original);

    internal static SettlementLine Charge(string? txn, string amount) => new(1, SettlementLineKind.Fee, txn, [], M(amount), Money.Zero, null, Day, null, null);

    internal static OwnEntry Own(string txn, string amount, int days = 0, string? account = null, string? references = null) =>
        new(false, txn, null, references?.Split(',') ?? [], M(amount), default, Day.AddDays(days), account);

    internal static OwnEntry Reversal(string txn, string original, string amount, int days = 0) =>
        new(true, txn, original, [], M(amount), default, Day.AddDays(days), null);

    internal static Money M(string text) => Money.TryParse(text, out var amount) ? amount : throw new FormatException(text);

    internal static IEnumerable<string> Texts(ReconciliationOutcome outcome) =>
        outcome.Lines.Select(l => $"{l.Line.ChannelTxnId} {ReconciliationResults.Name(l.Result)}").Order(StringComparer.Ordinal);

    private static List<SettlementReference> References(string? text) => [.. text?.Split(',').Select(v => new SettlementReference("endToEnd", v)) ?? []];
}
