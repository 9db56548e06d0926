namespace AccountGrid.Domain.Events;

/// <param name="Id">Account, rule and episode.</param>
public sealed record NoticeGiven(string Id, string Kind, string Policy) : AccountEvent;
