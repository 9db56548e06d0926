namespace AccountGrid.Host.Accounts;

/// <param name="LastDay">Last local day of the account, <c>yyyy-MM-dd</c>, from the day on which its last meter left to today; today if absent. Standing
/// charges are taken through it.</param>
public sealed record CloseAccountRequest(string? Reason = null, DateOnly? LastDay = null);
