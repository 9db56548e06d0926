namespace AccountGrid.Host.Security;

/// <param name="Id">1 to 32 visible ASCII characters.</param>
public sealed record GatewayRequest(string Id);
