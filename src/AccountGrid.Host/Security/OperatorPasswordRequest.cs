namespace AccountGrid.Host.Security;

/// <param name="Password">12 to 256 characters. All sessions of the operator end.</param>
public sealed record OperatorPasswordRequest(string Password);
