namespace AccountGrid.Host.Complaints;

/// <summary>A complaint.</summary>
/// <param name="Topic">
/// <c>bill</c>, <c>cut</c>, <c>reading</c>, <c>staff</c>, <c>channel</c> or <c>other</c>. The first two are grievances, which hold cuts.
/// </param>
/// <param name="Text">What the customer said, 1 to 2,000 characters.</param>
public sealed record ComplaintRequest(string Topic, string Text);
