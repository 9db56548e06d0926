namespace AccountGrid.Host.OperatorConsole;

/// <param name="Kind"><c>account</c>, <c>meter</c>, <c>customer</c>, <c>case</c>, <c>payment</c>, <c>message</c> or <c>contact</c>, which is an
/// account or a customer without one that was found by number or address.</param>
/// <param name="Account">To which it belongs; null where it has none, or several.</param>
/// <param name="Text">What tells it from others.</param>
public sealed record SearchHit(string Kind, string Id, string? Account, string Text);
