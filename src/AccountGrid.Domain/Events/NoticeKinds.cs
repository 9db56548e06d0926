using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>Kinds of notices that the state of an account knows.</summary>
public static class NoticeKinds
{
    /// <summary>Letters about arrears and the stage that each is for.</summary>
    public static IReadOnlyDictionary<string, Stage> Letters { get; } = new Dictionary<string, Stage>
    {
        ["payment-reminder"] = Stage.Reminder, ["payment-due"] = Stage.Due, ["courtesy-reminder"] = Stage.Courtesy, ["plan-offer"] = Stage.PlanOffer, ["demand"] = Stage.Demand, ["stop-notice"] = Stage.StopNotice,
    };
}
