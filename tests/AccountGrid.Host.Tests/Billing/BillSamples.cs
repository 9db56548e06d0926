using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Billing;

namespace AccountGrid.Host.Tests.Billing;

/// <summary>Bills as the grid writes them, made up from facts and entries.</summary>
internal static class BillSamples
{
    /// <summary>March 2026.</summary>
    public static int FromDay { get; } = new DateOnly(2026, 3, 1).DayNumber;

    public static int ToDay { get; } = new DateOnly(2026, 3, 31).DayNumber;

    public static BillOptions Options { get; } = new()
    {
        BuyerCountry = "DE",
        ZeroTaxCategory = "Z",
        Seller = new()
        {
            Name = "Hill Power GmbH",
            Street = "Main Street 1",
            City = "Berlin",
            PostalCode = "10115",
            Country = "DE",
            VatId = "DE123456789",
            Endpoint = "DE123456789",
            EndpointScheme = "9930",
            Iban = "DE89370400440532013000",
        },
    };

    public static BillParty Party(string language = "en") => new(language, "Hill Power", "555 0100", "Pay in the app.", "Ann Example", Options);

    public static ChargeParts Parts(long energy, long tiers, long standing, long tax) => new(Wide(energy), Wide(tiers), Wide(standing), Wide(tax));

    /// <summary>Facts whose amount is what their parts come to, rounded.</summary>
    public static BillFacts Facts(ChargeParts parts, WideMoney corrections, long carried = 0, string currency = "EUR", int dueDay = 1)
    {
        var digits = Currencies.DigitsOf(currency)!.Value;
        var amount = new Money(carried + (long)(parts.Total + corrections).Nano).RoundedTo(digits);
        var open = amount > Money.Zero && dueDay != 0 ? amount : Money.Zero;
        return new BillFacts(3, FromDay, ToDay, dueDay == 0 || amount <= Money.Zero ? 0 : ToDay + 20, currency, 310_000, parts, corrections,
            new Money(carried), amount, Money.Zero, Money.Zero, Money.Zero, Money.Zero, -open, open, "pack/1#0", [], open);
    }

    public static BillSource Source(int? tax, ChargeParts own = default, IReadOnlyList<LedgerEntry>? corrections = null, params BillEnergy[] energy) => new(
        new BillStatement([], [], own, corrections ?? []), energy, [], [], tax, [], [new("2026-03", 310_000)], new Dictionary<long, string>(), ToDay + 5);

    public static BillDocument Document(BillFacts facts, BillSource source) => BillLines.Document("7-202603", "ACC-7", 1_775_000_000_000, facts, source);

    /// <summary>A taxed bill: 310 kWh at 0.30 and a levy of 0.02, standing charge of 9.30, tax of 19 %.</summary>
    public static BillDocument Taxed()
    {
        var (energy, standing) = (310_000L * 320_000, 9_300_000_000L);
        var parts = Parts(energy, 0, standing, (long)new WideMoney(energy + standing).Percentage(1_900).Nano);
        return Document(Facts(parts, WideMoney.Zero), Source(1_900, energy: new BillEnergy("flat", 310_000, new Price(300_000), new Price(20_000), 1_900)));
    }

    /// <summary>A bill of only corrections: a credit of 30 and the tax on it.</summary>
    public static BillDocument Credit()
    {
        var parts = Parts(-30_000_000_000, 0, 0, -5_700_000_000);
        var entry = new LedgerEntry(9, 0, 7, EntryKind.Correction, (-parts.Total).ToMoney(), Money.Zero, 0, FromDay - 5, 3, parts, null);
        return Document(Facts(default, parts.Total), Source(1_900, corrections: [entry]));
    }

    public static JsonElement Json(BillDocument bill) => JsonSerializer.SerializeToElement(bill, JsonSerializerOptions.Web);

    public static Tariff Tariff(TierDefinition tiers) => TariffCompiler.Compile(1, new TariffDefinition
    {
        Id = "t",
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Rates = [new("flat", "0.5")],
        Tiers = tiers,
    }).Tariff!;

    private static WideMoney Wide(long nano) => new(nano);
}
