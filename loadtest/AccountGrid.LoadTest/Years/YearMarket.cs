using System.Globalization;
using System.Text.Json.Nodes;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.LoadTest.Years;

/// <summary>A pack with a currency, a price and a time zone.</summary>
/// <param name="Pack">Name of the policy pack.</param>
/// <param name="Digits">Digits of the currency.</param>
/// <param name="Scale">Amounts of this currency for one yuan.</param>
internal sealed record YearMarket(string Pack, string Currency, int Digits, string Zone, decimal Scale)
{
    /// <summary>Price per kWh, millionths; flat, so that the model needs nobody's rating.</summary>
    public long PriceMicro => (long)((Currency == "GBP" ? 0.25m : 0.55m * Scale) * 1_000_000m);

    public long UnitNano => Money.SmallestUnit(Digits).Nano;

    public string Tariff => $"year-{Currency}-{Zone.Split('/')[1]}".ToLowerInvariant();

    /// <summary>Some yuan's worth, in the currency's own digits.</summary>
    public Money Amount(double yuan) => new((long)((decimal)yuan * Scale * 1_000_000_000m) / UnitNano * UnitNano);

    /// <summary>What is sold here: the first at the beginning, then a dearer one, and a dearer one with a standing charge.</summary>
    public IReadOnlyList<YearTariff> Versions =>
    [
        new(Tariff, PriceMicro, 0), new($"{Tariff}-dear", PriceMicro * 5 / 4, 0), new($"{Tariff}-standing", PriceMicro * 9 / 8, Amount(0.3).Nano),
    ];

    public IEnumerable<TariffDefinition> ToDefinitions() => Versions.Select(v => new TariffDefinition
    {
        Id = v.Id,
        Currency = Currency,
        Zone = Zone,
        StandingPerDay = new Money(v.StandingNano).ToString(),
        Rates = [new RateDefinition("flat", (v.PriceMicro / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture))],
    });

    /// <summary>Markets of a year: one of each currency's digits, and zones from ten hours behind UTC to fourteen ahead.</summary>
    public static IReadOnlyList<YearMarket> All { get; } =
    [
        .. new[] { "Asia/Shanghai", "Pacific/Honolulu", "Pacific/Kiritimati", "Asia/Kathmandu", "America/New_York" }
            .Select(z => new YearMarket("cn-residential", "CNY", 2, z, 1)),
        new("cn-business", "CNY", 2, "Asia/Shanghai", 1),
        new("gb-prepay", "GBP", 2, "Europe/London", 1),
        new("year-jpy", "JPY", 0, "Asia/Tokyo", 20),
        new("year-kwd", "KWD", 3, "Asia/Kuwait", 0.04m),
    ];

    /// <summary>The residential pack in another currency: every amount by its scale.</summary>
    public string PackFrom(string json)
    {
        var pack = JsonNode.Parse(json)!;
        (pack["id"], pack["currency"]) = (Pack, Currency);
        foreach (var level in pack["lowBalance"]!["amounts"]!.AsArray())
        {
            Scaled(level!, "below", "rearm");
        }

        Scaled(pack["prepaid"]!, "emergencyCredit", "debtPerDay");
        Scaled(pack["billing"]!, "arrearsMinimum");
        Scaled(pack["lateFee"]!, "minimum");
        Scaled(pack["restore"]!, "compensation");
        Scaled(pack["approval"]!, "adjustmentAbove", "waiverAbove");
        return pack.ToJsonString();
    }

    private void Scaled(JsonNode part, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            part[name] = (decimal.Parse((string)part[name]!, CultureInfo.InvariantCulture) * Scale).ToString("0.###", CultureInfo.InvariantCulture);
        }
    }
}
