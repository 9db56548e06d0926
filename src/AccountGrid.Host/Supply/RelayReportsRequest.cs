namespace AccountGrid.Host.Supply;

/// <param name="Reports">At most 200.</param>
public sealed record RelayReportsRequest(IReadOnlyList<RelayReport> Reports);
