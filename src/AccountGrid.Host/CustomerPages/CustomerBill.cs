using System.Text.Json;
using AccountGrid.Host.Billing;

namespace AccountGrid.Host.CustomerPages;

/// <summary>
/// A bill as it is shown to whoever has the link of a customer's page, which may be forwarded: its figures, without names, references and reasons, and of a
/// meter's number the end, by which its owner knows it.
/// </summary>
internal static class CustomerBill
{
    /// <summary>Characters of a meter's number that are shown.</summary>
    private const int MeterShown = 4;

    public static JsonElement Of(JsonElement document)
    {
        var bill = document.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        return JsonSerializer.SerializeToElement(
            bill with
            {
                Meters = bill.Meters?.Select(m => m with { Meter = $"…{m.Meter[^Math.Min(MeterShown, m.Meter.Length / 2)..]}" }).ToList(),
                Owed = bill.Owed?.Select(o => o with { Reason = null }).ToList(),
                Credits = bill.Credits?.Select(c => c with { Reference = null }).ToList(),
                Corrections = bill.Corrections?.Select(c => c with { Reason = null }).ToList(),
            },
            JsonSerializerOptions.Web);
    }

    /// <summary>By what an address names a bill of its account: the part of its id behind the account.</summary>
    public static string NameOf(BillAnswer bill) => bill.Id[(bill.Id.LastIndexOf('-') + 1)..];
}
