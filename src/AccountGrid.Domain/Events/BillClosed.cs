namespace AccountGrid.Domain.Events;

/// <param name="DueDay">Last day on which it is paid in time; 0 where nothing is to be paid (a prepaid account's statement).</param>
public sealed record BillClosed(string Id, int FromDay, int ToDay, int DueDay, long AmountNano, long UnpaidNano, string Policy) : AccountEvent;
