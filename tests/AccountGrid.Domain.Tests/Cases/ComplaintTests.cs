using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Cases;

/// <summary>Complaints: their clocks, the case that each opens, and the hold of a grievance.</summary>
public sealed class ComplaintTests
{
    /// <summary>
    /// The pack of 2026: contact after 1 working day, answer after 7. 1 January is a holiday; so are 15 to 23 February, with 14 and 28 worked.
    /// </summary>
    [Theory]
    [InlineData("2026-03-02", "2026-03-03", "2026-03-11")]
    [InlineData("2026-03-06", "2026-03-09", "2026-03-17")]
    [InlineData("2026-03-07", "2026-03-09", "2026-03-17")]
    [InlineData("2026-03-08", "2026-03-09", "2026-03-17")]
    public void Clocks_count_working_days_after_the_day_of_the_complaint(string filed, string contact, string answer)
    {
        var clocks = ComplaintClocks.Of(Given.Day(filed), Packs.Get("cn-residential"));
        Assert.Equal((contact, answer), (Instants.DayToText(clocks.ContactDay), Instants.DayToText(clocks.AnswerDay)));
    }

    [Fact]
    public void Clocks_pass_over_holidays()
    {
        var policy = Packs.Get("cn-residential");
        var day = Given.Day("2026-03-02");
        while (!policy.Business.IsHoliday(day + 1) || !policy.Business.IsBusinessDay(day))
        {
            day++;
        }

        var clocks = ComplaintClocks.Of(day, policy);
        Assert.True(clocks.ContactDay > day + 1);
        Assert.True(policy.Business.IsBusinessDay(clocks.ContactDay));
        Assert.Equal(1, Enumerable.Range(day + 1, clocks.ContactDay - day).Count(policy.Business.IsBusinessDay));
        Assert.Equal(7, Enumerable.Range(day + 1, clocks.AnswerDay - day).Count(policy.Business.IsBusinessDay));
    }

    [Theory]
    [InlineData(0, false, false, ComplaintEscalation.None)]
    [InlineData(1, false, false, ComplaintEscalation.ContactLate)]
    [InlineData(1, true, false, ComplaintEscalation.None)]
    [InlineData(6, true, false, ComplaintEscalation.None)]
    [InlineData(7, true, false, ComplaintEscalation.AnswerLate)]
    [InlineData(7, false, false, ComplaintEscalation.AnswerLate)]
    [InlineData(9, false, true, ComplaintEscalation.None)]
    public void A_complaint_goes_up_on_the_day_after_its_clock_ends(int daysAfterContactDay, bool isContacted, bool isResolved, ComplaintEscalation level) =>
        Assert.Equal(level, new ComplaintClocks(100, 106).EscalationOn(100 + daysAfterContactDay, isContacted, isResolved));

    [Theory]
    [InlineData(ComplaintTopic.Bill, true)]
    [InlineData(ComplaintTopic.Cut, true)]
    [InlineData(ComplaintTopic.Reading, false)]
    [InlineData(ComplaintTopic.Staff, false)]
    [InlineData(ComplaintTopic.Channel, false)]
    [InlineData(ComplaintTopic.Other, false)]
    public void A_grievance_about_a_bill_or_a_cut_is_a_hold_and_other_complaints_are_none(ComplaintTopic topic, bool holds)
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.Do(new FileComplaint(Life.Account, "c1", topic)).Accepted);
        var outcome = life.Do(new ReleaseCut(Life.Account, life.Customer.Supply.Sequence));
        Assert.Equal(holds ? "relay.interlock" : null, outcome.Refusal?.Code.ToString());
        var opened = Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.Complaint);
        Assert.Equal(ComplaintClocks.Of(life.State.Calendar.DayOf(life.NowMs), life.Policy).AnswerDay, opened.DueDay);
    }

    [Fact]
    public void A_grievance_holds_until_the_last_one_is_decided_and_the_wait_begins_anew()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.NegativeSinceMs != 0, 10);
        life.Ok(new FileComplaint(Life.Account, "c1", ComplaintTopic.Bill));
        life.Ok(new FileComplaint(Life.Account, "c2", ComplaintTopic.Cut));
        life.Ok(new PlaceHold(Life.Account, HoldKind.Dispute, null, "the same bill"));
        Assert.Equal(3, life.Customer.Holds.Count);

        life.Ok(new ResolveComplaint(Life.Account, "c1", ComplaintTopic.Bill, ComplaintOutcome.NotUpheld, "staff"));
        Assert.Equal([HoldKind.Grievance, HoldKind.Dispute], life.Customer.Holds.Select(h => h.Kind));
        Assert.DoesNotContain(life.Customer.Cases, c => c.NoticeId == "c1");
        Assert.Empty(life.Events<WaitBegunAnew>());

        life.Ok(new LiftHold(Life.Account, HoldKind.Dispute, "over"));
        life.To(Instants.ToText(life.NowMs + (20 * Instants.MsPerDay)));
        Assert.Empty(life.Events<CutDecided>());

        life.Ok(new ResolveComplaint(Life.Account, "c2", ComplaintTopic.Cut, ComplaintOutcome.Withdrawn, "staff"));
        var decided = life.NowMs;
        Assert.Empty(life.Customer.Holds);
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 20);
        Assert.True(life.NowMs >= decided + (life.Policy.Definition.Prepaid.WaitHours * Instants.MsPerHour));
    }

    [Fact]
    public void A_complaint_that_is_decided_closes_its_case()
    {
        var life = Exhausted();
        life.Ok(new FileComplaint(Life.Account, "c1", ComplaintTopic.Staff));
        life.Ok(new FileComplaint(Life.Account, "c2", ComplaintTopic.Staff));
        var second = Assert.Single(life.Customer.Cases, c => c.NoticeId == "c2").IdOf(Life.Account);
        life.Ok(new ResolveComplaint(Life.Account, "c2", ComplaintTopic.Staff, ComplaintOutcome.Upheld, "staff"));
        Assert.Equal([(second, "staff", "Upheld")], life.Partition.ClosedCases.Select(c => (c.Id, c.By, c.Outcome)));
        Assert.Equal(["c1"], life.Customer.Cases.Select(c => c.NoticeId));
    }

    [Fact]
    public void The_hold_of_a_grievance_comes_and_goes_with_it_only()
    {
        var life = Exhausted();
        Assert.Equal("hold.kind_invalid", life.Do(new PlaceHold(Life.Account, HoldKind.Grievance, null, "x")).Refusal!.Code);
        life.Ok(new FileComplaint(Life.Account, "c1", ComplaintTopic.Bill));
        Assert.Equal("hold.kind_invalid", life.Do(new LiftHold(Life.Account, HoldKind.Grievance, "x")).Refusal!.Code);
        for (var i = 2; i <= 16; i++)
        {
            life.Ok(new FileComplaint(Life.Account, $"c{i}", ComplaintTopic.Bill));
        }

        Assert.Equal("complaint.too_many", life.Do(new FileComplaint(Life.Account, "c17", ComplaintTopic.Bill)).Refusal!.Code);
        Assert.True(life.Do(new FileComplaint(Life.Account, "c17", ComplaintTopic.Staff)).Accepted);
    }

    [Fact]
    public void No_late_fee_grows_while_a_grievance_is_undecided()
    {
        var (calm, holding) = (Fees(grievance: false), Fees(grievance: true));
        Assert.True(calm > Money.Zero);
        Assert.Equal(Money.Zero, holding);

        static Money Fees(bool grievance)
        {
            var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
            life.Until(l => l.Customer.Overdue.Stage == Stage.Due, 60);
            if (grievance)
            {
                life.Ok(new FileComplaint(Life.Account, "c1", ComplaintTopic.Bill));
            }

            life.To(Instants.ToText(life.NowMs + (10 * Instants.MsPerDay)));
            return new(life.Customer.Overdue.Fees.Nano);
        }
    }

    private static Life Exhausted()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent);
        life.Pay("20");
        return life;
    }
}
