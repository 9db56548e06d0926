using AccountGrid.Domain.State;
namespace AccountGrid.Domain.Events;

/// <param name="Id">Account, rule and episode.</param>
public sealed record NoticeGiven(string Id, NoticeKind Kind, string Policy) : AccountEvent;
