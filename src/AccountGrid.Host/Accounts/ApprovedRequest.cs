namespace AccountGrid.Host.Accounts;

/// <summary>What one person asked for and another agreed to.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Kind">What is asked for, such as <c>refund</c>.</param>
/// <param name="Body">The request's body as it was sent, JSON.</param>
/// <param name="AskedBy">The person who asked.</param>
internal sealed record ApprovedRequest(string Account, string Kind, string Body, string AskedBy);
