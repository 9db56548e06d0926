using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>What the audit knows of the order of stages.</summary>
internal static class AuditStages
{
    /// <summary>Whether a stage may follow another upwards. A closed account has no supply to cut: from the demand it goes to write-off.</summary>
    public static bool IsNext(Stage from, Stage to, bool isClosed) => isClosed && to > Stage.Demand
        ? (from, to) == (Stage.Demand, Stage.WrittenOff)
        : to == from + 1 || (from, to) is (Stage.None, Stage.Due) or (Stage.StopNotice, Stage.Closed);

    /// <summary>Days overdue that a stage needs at least.</summary>
    public static int LeastDays(AuditPack pack, Stage stage) => stage switch
    {
        Stage.Reminder => -pack.Ladder.ReminderBeforeDueDays,
        Stage.Due => 0,
        Stage.Courtesy => pack.Ladder.CourtesyAfterDays,
        Stage.Contact => pack.Ladder.ContactAfterDays,
        Stage.PlanOffer => pack.Ladder.PlanOfferAfterDays,
        Stage.Demand => pack.Ladder.DemandAfterDays,
        Stage.StopNotice => pack.Ladder.StopNoticeAfterDays,
        Stage.Closed => pack.Ladder.ClosedAfterDays,
        _ => pack.Ladder.WrittenOffAfterDays,
    };
}
