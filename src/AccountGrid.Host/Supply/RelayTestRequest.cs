namespace AccountGrid.Host.Supply;

/// <param name="Action"><c>on</c> or <c>off</c>.</param>
public sealed record RelayTestRequest(string Action);
