using AccountGrid.Domain;

namespace AccountGrid.Host.DirectDebit;

/// <summary>What a bank answered about a collection.</summary>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Field">The element or column that names the collection.</param>
/// <param name="Item">Id of the collection.</param>
/// <param name="Kind"><c>paid</c>, <c>returned</c> or <c>pending</c>. Whether one that is returned was booked before, the file does not decide.</param>
/// <param name="Reason">Of one that is returned: the code of ISO 20022.</param>
/// <param name="Amount">As the file says it; null where it does not.</param>
internal sealed record DebitResult(int Line, string Field, string Item, string Kind, string? Reason, Money? Amount);
