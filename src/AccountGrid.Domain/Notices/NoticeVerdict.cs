using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Notices;

/// <param name="Kind">The message that is true now; null withdraws it.</param>
/// <param name="Reason">Why it is withdrawn; null where it is not.</param>
public readonly record struct NoticeVerdict(NoticeKind? Kind, string? Reason)
{
    public static NoticeVerdict Say(NoticeKind kind) => new(kind, null);

    public static NoticeVerdict Withdraw(string reason) => new(null, reason);
}
