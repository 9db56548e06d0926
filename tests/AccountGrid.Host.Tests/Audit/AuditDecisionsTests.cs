using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Audit;

namespace AccountGrid.Host.Tests.Audit;

/// <summary>What the audit says of decisions that stand with points and of events that tell of them.</summary>
public sealed class AuditDecisionsTests
{
    private static readonly PointDecision Accepted = new(ReadingDecision.Accept, 50, 0, 40);

    public static TheoryData<string, ReadingDecision?, long, long, bool, string> Rows => new()
    {
        { "as told", ReadingDecision.Accept, 50, 40, false, "" },
        { "no event", null, 50, 40, false, "that no event tells of" },
        { "no event, of a meter that came from another account", null, 50, 40, true, "" },
        { "another decision", ReadingDecision.Dismiss, 50, 40, false, "an event tells to dismiss it" },
        { "another value", ReadingDecision.Accept, 51, 40, false, "an event tells to accept it" },
        { "another energy", ReadingDecision.Accept, 50, 41, false, "an event tells to accept it" },
        { "withdrawn", ReadingDecision.Withdraw, 50, 0, false, "an event tells to withdraw it" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_decision_with_a_point_is_what_an_event_tells(string row, ReadingDecision? told, long toWh, long upToWh, bool moved, string difference) =>
        Check(row, new Point(1, 50, Decision: Accepted), told is { } decision ? [Event(decision, toWh, upToWh)] : [], moved, difference);

    [Fact]
    public void What_an_event_tells_is_with_its_point()
    {
        Check("gone", new Point(1, 50), [Event(ReadingDecision.Accept, 50, 40)], false, "does not have the decision to accept it");
        Check("withdrawn", new Point(1, 50), [Event(ReadingDecision.Accept, 50, 40), Event(ReadingDecision.Withdraw, 50, 0)], false, "");
        Check("revised", new Point(1, 60, Revision: 1), [Event(ReadingDecision.Accept, 50, 40)], false, "");
        Check("measured after an estimate", new Point(1, 60), [Event(ReadingDecision.Accept, 50, 40) with { OfEstimate = true }], false, "");
        Check("a gap that was seen", new Point(1, 50), [Event(ReadingDecision.Accept, 50, 0) with { About = VeeOutcome.Gap }], false, "");
    }

    private static ReadingDecided Event(ReadingDecision decision, long toWh, long upToWh) =>
        new(7, 1, VeeOutcome.Spike, decision, 50, toWh, upToWh, null, "r", "a", false, 0, 0, default);

    private static void Check(string row, Point point, ReadingDecided[] events, bool moved, string difference)
    {
        var found = AuditDecisions.Differences(events, 7, moved, [new Point(0, 10), point]).ToList();
        var isAsSaid = difference.Length == 0 ? found.Count == 0 : found.Count == 1 && found[0].Contains(difference, StringComparison.Ordinal);
        Assert.True(isAsSaid, $"{row}: {string.Join(' ', found)}");
    }
}
