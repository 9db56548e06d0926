namespace AccountGrid.Host.Grades;

/// <summary>What a customer will have used in the running month.</summary>
/// <param name="Month"><c>yyyy-MM</c>.</param>
/// <param name="Accounts">Accounts of the customer that have a forecast.</param>
/// <param name="KnownKwh">Used on the month's days that are closed.</param>
/// <param name="ForecastKwh">Forecast of the whole month from the accounts' own days; null where too little is known of each of them.</param>
/// <param name="LastYearKwh">The same month of last year, of the accounts of which every day of it is known; null is none.</param>
/// <param name="LastYearAccounts">How many they are.</param>
/// <param name="ContractDemandKw">Contracted demand; null is not known.</param>
/// <param name="Utilisation">The forecast as a share of what the contracted demand would use in all hours of the month.</param>
/// <param name="UseFall">By what share the last three billed months used less than a year before; null where not known, or the premises were vacant.</param>
/// <param name="HasFallen">Whether that is more than half.</param>
/// <param name="FallCase">The case that was opened for the fall; null is none.</param>
public sealed record OutlookAnswer(
    string Customer,
    string Month,
    int Accounts,
    decimal KnownKwh,
    decimal? ForecastKwh,
    decimal? LastYearKwh,
    int LastYearAccounts,
    decimal? ContractDemandKw,
    decimal? Utilisation,
    decimal? UseFall,
    bool HasFallen,
    string? FallCase);
