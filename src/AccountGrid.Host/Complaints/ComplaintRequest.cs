namespace AccountGrid.Host.Complaints;

/// <summary>A complaint.</summary>
/// <param name="Topic">
/// <c>bill</c>, <c>cut</c>, <c>reading</c>, <c>staff</c>, <c>channel</c> or <c>other</c>. The first two are grievances, which hold cuts.
/// </param>
/// <param name="Text">What the customer said, 1 to 2,000 characters.</param>
/// <param name="Channel">The payment channel that it is about; null where it is about none, or none is known.</param>
public sealed record ComplaintRequest(string Topic, string Text, string? Channel = null);
