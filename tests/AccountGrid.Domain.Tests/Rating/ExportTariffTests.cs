using System.Text.Json;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>What a tariff may say of exported energy.</summary>
public sealed class ExportTariffTests
{
    [Theory]
    [InlineData("{}", "export: '{}' is not feedIn or netMetering.")]
    [InlineData("""{"feedIn":{"pricePerKwh":"0.1"},"netMetering":{"settledAfter":[3]}}""", "export: 'feedIn, netMetering' is not one of the two.")]
    [InlineData("""{"feedIn":{"pricePerKwh":"1e2"}}""",
        "export.feedIn.pricePerKwh: '1e2' is not a decimal from -10000000 to 10000000 with at most six decimals.")]
    [InlineData("""{"feedIn":{"pricePerKwh":"0.1","prices":{"nacht":"0.2"}}}""",
        "export.feedIn.prices: 'nacht' is not the name of one of the tariff's rates.")]
    [InlineData("""{"feedIn":{"pricePerKwh":"0.1","prices":{"peak":"0.1234567"}}}""",
        "export.feedIn.prices[peak]: '0.1234567' is not a decimal from -10000000 to 10000000 with at most six decimals.")]
    [InlineData("""{"feedIn":{"pricePerKwh":"0.1","taxes":[null]}}""", "export.feedIn: 'null' is not without null.")]
    [InlineData("""{"feedIn":{"pricePerKwh":"0.1","taxes":[{"name":"VAT","basisPoints":0}]}}""",
        "export.feedIn.taxes[0].basisPoints: '0' is not 1 to 10000 (hundredths of a percent).")]
    [InlineData("""{"feedIn":{"pricePerKwh":"0.1","taxes":[{"name":"a","basisPoints":1},{"name":"a","basisPoints":1}]}}""",
        "export.feedIn.taxes.name: 'a,a' is not distinct names of 1 to 32 characters.")]
    [InlineData("""{"feedIn":{"pricePerKwh":"0.1","taxes":[{"name":"a","basisPoints":6000},{"name":"b","basisPoints":4001}]}}""",
        "export.feedIn.taxes: '10001' is not at most 10000 (hundredths of a percent) paid, and withheld, together.")]
    [InlineData("""{"netMetering":{"per":"hour","settledAfter":[3]}}""", "export.netMetering.per: 'hour' is not rate, total or value.")]
    [InlineData("""{"netMetering":{"settledAfter":[]}}""",
        "export.netMetering.settledAfter: '' is not months from 1 to 12, at least one and each once.")]
    [InlineData("""{"netMetering":{"settledAfter":[3,13]}}""",
        "export.netMetering.settledAfter: '3,13' is not months from 1 to 12, at least one and each once.")]
    [InlineData("""{"netMetering":{"settledAfter":[3],"restPricePerKwh":"-0.1"}}""",
        "export.netMetering.restPricePerKwh: '-0.1' is not a decimal from 0 to 10000000 with at most six decimals.")]
    public void What_is_wrong_is_named(string export, string detail)
    {
        var definition = Given.Tou() with { Export = JsonSerializer.Deserialize<ExportDefinition>(export, JsonSerializerOptions.Web) };
        var (tariff, refusal) = TariffCompiler.Compile(1, definition);
        Assert.Null(tariff);
        Assert.Equal(("tariff.invalid", detail), (refusal!.Code.Text, refusal.Detail));
    }

    [Fact]
    public void Tiers_of_a_year_are_settled_with_it()
    {
        var yearly = Given.Flat() with { Tiers = Given.Tiers("year"), Export = Given.Net("rate", 3) };
        Assert.Equal("export.netMetering.settledAfter: '3' is not 12: tiers are per year, and a period ends with it.",
            TariffCompiler.Compile(1, yearly).Refusal!.Detail);
        Assert.Null(TariffCompiler.Compile(1, yearly with { Export = Given.Net("rate", 12) }).Refusal);
    }

    [Fact]
    public void A_price_below_zero_is_not_netted() => Assert.Equal("rates[flat].pricePerKwh: '-0.1' is not 0 or more: what is netted would be paid for.",
        TariffCompiler.Compile(1, Given.Flat("-0.1") with { Export = Given.Net("rate", 3) }).Refusal!.Detail);

    /// <summary>A tariff without export is written as it was before there was any; one with it reads back as it is.</summary>
    [Fact]
    public void A_definition_has_one_form()
    {
        Assert.DoesNotContain("export", JsonSerializer.Serialize(Given.Flat(), JsonSerializerOptions.Web), StringComparison.OrdinalIgnoreCase);
        var tariff = Given.Tou() with { Export = Given.FeedIn("0.08", new ExportTaxDefinition { Name = "VAT", BasisPoints = 1_900 }) };
        var text = JsonSerializer.Serialize(tariff, JsonSerializerOptions.Web);
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<TariffDefinition>(text, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }

    /// <summary>The dearest exported kWh bounds a difference as an imported one does: with tax, or what it displaces, it is worth twice its price.</summary>
    [Theory]
    [InlineData("0.50", "0.08", 2_000_000_000_000)]
    [InlineData("0.50", "-5", 100_000_000_000)]
    [InlineData("0", "0.50", 1_000_000_000_000)]
    public void A_difference_is_bounded_by_what_it_is_worth(string price, string feedIn, long wh) =>
        Assert.Equal(wh, TariffCompiler.Compile(1, Given.Flat(price) with { Export = Given.FeedIn(feedIn) }).Tariff!.DifferenceMaxWh);
}
