using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>Stages of collection: none is skipped, early, or entered while something pauses it.</summary>
internal sealed class LadderRules(YearVerdict verdict)
{
    public void Stages(AccountRecord r, NaiveAccount facts)
    {
        var (stage, since) = (Stage.None, int.MinValue);
        foreach (var e in r.Events.Where(e => e.Event is StageEntered))
        {
            var entered = (StageEntered)e.Event;
            var day = r.Person.Calendar.DayOf(e.AtMs);
            verdict.Count($"stage {entered.To}");
            if (entered.To > stage && entered.To != Stage.Cut && entered.To != Stage.ReNotice)
            {
                var isNext = entered.To == stage + 1 || (stage == Stage.None && entered.To == Stage.Due)
                    || (stage == Stage.ReNotice && entered.To == Stage.StopNotice) || (stage == Stage.StopNotice && entered.To == Stage.Closed);
                var least = Threshold(entered.To, r.Pack.Ladder);
                if (!isNext)
                {
                    verdict.Violate(r, $"stage {stage} to {entered.To} on {Instants.DayToText(day)}: a stage was skipped");
                }

                // What happened in the record itself, as a payment that bounced, counts.
                if (facts.OverdueDays(e.Position + 1, day) is not { } overdue || overdue < least)
                {
                    var days = facts.OverdueDays(e.Position + 1, day);
                    verdict.Violate(r, $"stage {entered.To} on {Instants.DayToText(day)} at {days} days overdue; {least} are needed");
                }

                if (!facts.IsBusinessDay(day))
                {
                    verdict.Violate(r, $"stage {entered.To} on {Instants.DayToText(day)}, which is no business day");
                }

                if (entered.To > Stage.Due && day < since + r.Pack.Ladder.DwellDays)
                {
                    verdict.Violate(r, $"stage {entered.To} on {Instants.DayToText(day)}, {day - since} days after {stage}");
                }

                if (facts.IsSpared(e.Position + 1, day))
                {
                    verdict.Violate(r, $"stage {entered.To} on {Instants.DayToText(day)} while a plan was kept or a promise open");
                }

                if (r.Person.Spans.Exists(s => s.Why == "dispute" && e.AtMs > s.FromMs && e.AtMs < s.UntilMs))
                {
                    verdict.Violate(r, $"stage {entered.To} on {Instants.DayToText(day)} during a dispute");
                }
            }

            (stage, since) = (entered.To, day);
        }
    }

    private static int Threshold(Stage stage, LadderPolicy p) => stage switch
    {
        Stage.Reminder => -p.ReminderBeforeDueDays,
        Stage.Due => 0,
        Stage.Courtesy => p.CourtesyAfterDays,
        Stage.Contact => p.ContactAfterDays,
        Stage.PlanOffer => p.PlanOfferAfterDays,
        Stage.Demand => p.DemandAfterDays,
        Stage.StopNotice => p.StopNoticeAfterDays,
        Stage.Closed => p.ClosedAfterDays,
        _ => p.WrittenOffAfterDays,
    };
}
