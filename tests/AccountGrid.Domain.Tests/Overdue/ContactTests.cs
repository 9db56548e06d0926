using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Overdue;

/// <summary>What people report of their contacts, and what it proves.</summary>
public sealed class ContactTests
{
    [Theory]
    [InlineData("call", "reached", ContactProof.Attempt)]
    [InlineData("call", "no-answer", ContactProof.Attempt)]
    [InlineData("call", "wrong-number", ContactProof.None)]
    [InlineData("visit", "nobody-home", ContactProof.Attempt)]
    [InlineData("visit", "refused", ContactProof.Attempt)]
    [InlineData("visit", "reached", ContactProof.Attempt)]
    [InlineData("visit", "delivered-in-hand", ContactProof.Attempt | ContactProof.NoticeDelivered)]
    [InlineData("letter", "sent", ContactProof.Attempt)]
    [InlineData("letter", "signed-for", ContactProof.Attempt | ContactProof.NoticeDelivered)]
    [InlineData("letter", "returned", ContactProof.None)]
    [InlineData("welfare-visit", "reached", ContactProof.WelfareSeen)]
    [InlineData("welfare-visit", "nobody-home", ContactProof.None)]
    [InlineData("authority-copy", "informed", ContactProof.AuthorityInformed)]
    [InlineData("call", "delivered-in-hand", null)]
    [InlineData("welfare-visit", "no-answer", null)]
    [InlineData("visit", "nobody home", null)]
    [InlineData("song", "reached", null)]
    public void An_outcome_proves_what_is_defined(string kind, string outcome, ContactProof? proof) =>
        Assert.Equal(proof, ContactOutcomes.ProofOf(kind, outcome));

    [Fact]
    public void Text_and_invented_cases_are_refused_by_name()
    {
        var life = Postpaid();
        life.Until(l => l.Customer.Overdue.StopNoticeId is not null, 90);
        Assert.Equal("contact.outcome_unknown", Contact(life, "visit", "nobody home", null));
        Assert.Equal("case.unknown", Contact(life, "visit", "nobody-home", "no such case:deliver-by-hand:none"));
        Assert.Equal("case.unknown", Contact(life, "visit", "delivered-in-hand", $"{Life.Account}:deliver-by-hand:99"));
        Assert.Equal("notice.unknown", life.Do(new ReportDelivery(Life.Account, "2:bill:1", "sms", life.NowMs)).Refusal!.Code);
        Assert.Equal((0L, 0L), (life.Customer.Overdue.StopNoticeDeliveredMs, life.Customer.BalanceShownMs));
    }

    [Fact]
    public void A_stop_notice_is_delivered_by_hand_only_with_the_case_that_was_opened_for_it()
    {
        var life = Postpaid();
        life.Until(l => l.Partition.Cases.Any(c => c.Kind == CaseKind.Contact), 90);
        var other = life.Partition.Cases[0].Id;
        life.Until(l => l.Partition.Cases.Any(c => c.Kind == CaseKind.DeliverByHand), 60);
        var byHand = life.Partition.Cases.Single(c => c.Kind == CaseKind.DeliverByHand).Id;
        Assert.Null(Contact(life, "visit", "delivered-in-hand", other));
        Assert.Equal(0, life.Customer.Overdue.StopNoticeDeliveredMs);
        Assert.Null(Contact(life, "visit", "delivered-in-hand", byHand, "given to her at the door"));
        Assert.Equal((life.NowMs, life.NowMs), (life.Customer.Overdue.StopNoticeDeliveredMs, life.Customer.BalanceShownMs));
        Assert.Equal("case.unknown", Contact(life, "visit", "delivered-in-hand", byHand));
    }

    [Fact]
    public void A_visit_that_met_nobody_proves_nothing()
    {
        var life = Postpaid(CustomerTraits.Vulnerable);
        life.Until(l => l.Partition.Cases.Any(c => c.Kind == CaseKind.DeliverByHand), 120);
        Assert.Null(Contact(life, "visit", "nobody-home", life.Partition.Cases.Single(c => c.Kind == CaseKind.DeliverByHand).Id));
        Assert.Null(Contact(life, "welfare-visit", "nobody-home", null));
        Assert.Equal((0L, 0L, false), (life.Customer.Overdue.StopNoticeDeliveredMs, life.Customer.BalanceShownMs, life.Customer.Overdue.WelfareVisited));
        Assert.Equal(1, life.Customer.Overdue.ContactAttempts);
        life.To(Instants.ToText(life.NowMs + (8 * Instants.MsPerDay)));
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
    }

    [Fact]
    public void A_contact_before_anything_is_overdue_is_no_attempt_to_reach_a_debtor()
    {
        var life = Postpaid();
        life.To("2026-02-01T12:00:00+08:00");
        Assert.Null(Contact(life, "call", "reached", null));
        Assert.Equal(0, life.Customer.Overdue.ContactAttempts);
    }

    /// <summary>Three bills within the month: the first is paid in full, the second in part, when the third is older than a stop notice needs.</summary>
    [Fact]
    public void Contacts_and_proofs_about_a_bill_that_is_paid_do_not_count_for_the_next()
    {
        var life = new Life("2026-03-01", PaymentMode.Instalments, Packs.Get("cn-residential"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        Assert.Null(Contact(life, "call", "reached", null));
        life.Until(l => l.Customer.Overdue.Stage == Stage.StopNotice, 60);
        OverdueState Overdue() => life.Customer.Overdue;
        Assert.Equal((1, true), (Overdue().ContactAttempts, Overdue().DemandDay != 0));

        // Part of the oldest bill changes nothing.
        life.Pay("1");
        Assert.Equal((1, Stage.StopNotice), (Overdue().ContactAttempts, Overdue().Stage));
        var oldest = Overdue().Book.Asked.First();
        life.Pay(oldest.Open.ToString());
        life.Pay("1");
        Assert.NotEqual(oldest.DueDay, Overdue().Book.Asked.First().DueDay);
        Assert.Equal((0, 0, 0L, Stage.Courtesy), (Overdue().ContactAttempts, Overdue().DemandDay, Overdue().StopNoticeDeliveredMs, Overdue().Stage));

        // Without a contact about the bill that is open there is no cut.
        var cases = life.Partition.Cases.Count(c => c.Kind == CaseKind.Contact);
        life.To(Instants.ToText(life.NowMs + (40 * Instants.MsPerDay)));
        Assert.Empty(life.Events<CutDecided>());
        Assert.Equal(cases + 1, life.Partition.Cases.Count(c => c.Kind == CaseKind.Contact));
    }

    private static Life Postpaid(CustomerTraits traits = CustomerTraits.None) =>
        new("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"), traits) { Delivers = false };

    private static string? Contact(Life life, string kind, string outcome, string? of, string? note = null) =>
        life.Do(new RecordContact(Life.Account, kind, "c", outcome, of, note)).Refusal?.Code;
}
