namespace AccountGrid.Host.OperatorConsole;

/// <param name="Text">Id or beginning of an id of an account, meter or customer, beginning of a customer's name, id of a case, a message, a payment, a
/// channel's transaction; for those who work with contacts also a telephone number, an e-mail address or words of an address.</param>
public sealed record SearchRequest(string Text);
