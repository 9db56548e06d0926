using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Accounts;

/// <summary>One line of a bulk registration: an account, a meter, or an account with its first meter.</summary>
public sealed record RegistrationLine(OpenAccountRequest? Account = null, InstallMeterRequest? Meter = null);
