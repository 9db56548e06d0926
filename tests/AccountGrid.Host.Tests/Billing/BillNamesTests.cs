using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Billing.Invoices;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Tests.Billing;

/// <summary>A bill names each levy and tax as the tariff does; its lines sum to its total.</summary>
public sealed class BillNamesTests
{
    private static readonly BillFacts Facts = new(
        1, 739_617, 739_647, 739_670, "EUR", 200_000,
        new ChargeParts(Units(100), Units(8), Units(10), Units(7), Units(3), new NamedAmounts(
        [
            new NamedAmount(AmountKind.Levy, "fund", Units(2)), new NamedAmount(AmountKind.Levy, "grid <b>", Units(1)),
            new NamedAmount(AmountKind.Tax, "duty", Units(4)), new NamedAmount(AmountKind.IncludedTax, "VAT", Units(19)),
        ])), Units(5), default, Units(133).ToMoney(), default, default, default, default, default, Units(133).ToMoney(), "pack 1", [], Money.Zero);

    /// <summary>100 energy, 8 tiers, 10 standing charge, levies of 2 and 1, a tax of 4 by name and 3 without, 5 of corrections: 133. VAT is in it.</summary>
    [Fact]
    public void Lines_have_the_names_and_sum_to_the_total()
    {
        var bill = Document();
        Assert.Equal("energy-other tiers standing named-levy named-levy named-tax tax corrections-other", string.Join(' ', bill.Lines.Select(l => l.Kind)));
        Assert.Equal(["fund", "grid <b>", "duty", "Tax"], bill.Lines.Skip(3).Take(4).Select(l => l.Name));
        Assert.Equal(133m, bill.Lines.Sum(l => decimal.Parse(l.Amount, CultureInfo.InvariantCulture)));
        Assert.Equal(("VAT", "19.000000000"), (Assert.Single(bill.IncludedTaxes!).Name, bill.IncludedTaxes![0].Amount));
    }

    [Theory]
    [InlineData("en", "Included in these prices: VAT")]
    [InlineData("zh-CN", "以上价格已含：VAT")]
    public void The_page_shows_them_and_names_are_text(string language, string included)
    {
        var page = BillPage.Of(JsonSerializer.SerializeToElement(Document(), JsonSerializerOptions.Web), BillSamples.Party(language));
        Assert.Contains(included, System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("grid &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("duty", page, StringComparison.Ordinal);
    }

    /// <summary>Taxes by name are on parts that no line of an e-invoice could name, and prices that include one are not net.</summary>
    [Fact]
    public void There_is_no_e_invoice_of_them()
    {
        var (invoice, refusal) = InvoiceMaker.Of(Document(), BillSamples.Party(), BillSamples.Options, null);
        Assert.Null(invoice);
        Assert.Equal("invoice.tax_unknown", refusal!.Code.Text);
    }

    /// <summary>As the bill's facts are stored: with names and without.</summary>
    [Fact]
    public void Names_are_stored_with_the_facts()
    {
        var read = JsonSerializer.Deserialize<BillFacts>(JsonSerializer.Serialize(Facts, EffectStatements.FactsJson), EffectStatements.FactsJson)!;
        Assert.Equal(Facts, read with { Items = Facts.Items });
        var plain = Facts with { Parts = Facts.Parts with { Named = null } };
        read = JsonSerializer.Deserialize<BillFacts>(JsonSerializer.Serialize(plain, EffectStatements.FactsJson), EffectStatements.FactsJson)!;
        Assert.Equal(plain, read with { Items = plain.Items });
    }

    private static BillDocument Document() => BillSamples.Document(Facts, BillSamples.Source(1_900));

    private static WideMoney Units(long units) => Money.FromUnits(units);
}
