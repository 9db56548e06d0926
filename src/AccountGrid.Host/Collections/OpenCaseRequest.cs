namespace AccountGrid.Host.Collections;

/// <summary>A case that a person opens.</summary>
/// <param name="Subject">What is to be done.</param>
/// <param name="WithinHours">Working hours until it is due, 1 to 400.</param>
/// <param name="Account">The account that it is about; absent: <paramref name="Area"/> is needed.</param>
/// <param name="Area">The area whose collector gets it; of an account that has an area, that of the account counts.</param>
/// <param name="Amount">Money at risk.</param>
/// <param name="Priority"><c>low</c>, <c>normal</c>, <c>high</c> or <c>urgent</c>.</param>
public sealed record OpenCaseRequest(
    string Subject, int WithinHours, string? Account = null, string? Area = null, string Amount = "0", string Priority = "normal");
