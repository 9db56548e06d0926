using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Figures;

/// <summary>A notice that no payment has followed yet: when it was given (UTC ms), and the day, area and class under which it was counted.</summary>
public readonly record struct GivenNotice(long AtMs, int Day, NoticeKind Kind, string Area, CustomerClass Class);
