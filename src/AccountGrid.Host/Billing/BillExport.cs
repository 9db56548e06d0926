using AccountGrid.Domain;

namespace AccountGrid.Host.Billing;

/// <summary>Exported energy of a bill's days at one rate of one tariff version.</summary>
/// <param name="Price">Of a feed-in tariff; null where the energy is netted, or credited nothing.</param>
internal sealed record BillExport(string Rate, long Wh, Price? Price);
