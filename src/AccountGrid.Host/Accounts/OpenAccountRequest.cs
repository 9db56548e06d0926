namespace AccountGrid.Host.Accounts;

/// <param name="Id">1 to 32 visible ASCII characters.</param>
/// <param name="Tariff">Name of a registered tariff: the account's product.</param>
/// <param name="TariffVersion">An agreement on this version, which must be in force on the first day; if absent, each version holds from its day on.</param>
/// <param name="Mode"><c>prepaid</c> (default), <c>postpaid</c> or <c>instalments</c>.</param>
/// <param name="OpenedOn">First local day, <c>yyyy-MM-dd</c> in the tariff's zone; today if absent.</param>
/// <param name="HouseholdSize">Persons, for tier allowances; 0 is not known.</param>
/// <param name="Protected">Protected household with free units.</param>
/// <param name="LowBalanceLevels">Amounts below which a notice goes out, decimal strings from -1000000000 to 1000000000; at most eight.</param>
/// <param name="ContractedCapacity">
/// kVA or kW from the first day on, decimal string, for a tariff with a charge for capacity or demand; absent is none.
/// </param>
/// <param name="ContractedUnit"><c>kVA</c> or <c>kW</c>; what the tariff charges by if absent.</param>
public sealed record OpenAccountRequest(
    string Id, string Tariff, int? TariffVersion = null, string Mode = "prepaid", DateOnly? OpenedOn = null, int HouseholdSize = 0, bool Protected = false,
    IReadOnlyList<string>? LowBalanceLevels = null, string? ContractedCapacity = null, string? ContractedUnit = null);
