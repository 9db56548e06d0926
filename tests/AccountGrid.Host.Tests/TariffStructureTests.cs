using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>Tiers in a first month, levies and taxes by name, and a price below zero: as they are registered, shown and audited.</summary>
public sealed class TariffStructureTests(GridFixture grid)
{
    /// <summary>
    /// From 17 March on, 15 of 31 days: tiers begin at 100 × 15 / 31 = 48.387 kWh. 60 kWh: 30; 11.613 × 0.10 = 1.1613; a levy on 10 above 50, 0.20.
    /// VAT in them: 31.1613 × 19/119 = 4.975333613, and 0.20 × 19/119 = 0.031932773. The duty is 10 % of the levy without it, 0.016806723.
    /// </summary>
    [Fact]
    public async Task Each_part_of_a_charge_is_shown_by_its_name_and_the_audit_agrees()
    {
        await OpenAsync("STRUCT", GridFixture.Flat() with
        {
            Id = "structures",
            Tiers = new TierDefinition { Steps = [new TierStep(100_000, "0.10")], FirstPeriod = "days" },
            Levies = [new LevyDefinition { Name = "fund", PerKwh = "0.02", AboveWh = 50_000 }],
            Taxes =
            [
                new TaxDefinition { Name = "VAT", BasisPoints = 1_900, Included = true },
                new TaxDefinition { Name = "duty", BasisPoints = 1_000, On = ["levies"] },
            ],
        });
        await grid.PushAsync(("STRUCT", "2026-03-20T00:00:00+08:00", 20_000), ("STRUCT", "2026-04-01T00:00:00+08:00", 60_000));
        await grid.BalanceAsync("STRUCT", "-31.378106723");
        var explained = await grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/STRUCT/explain");
        Assert.True(explained.Agrees);
        var period = Assert.Single(explained.Periods);
        Assert.Equal([48_387L], period.TierLimitsWh);
        Assert.Equal(("30.000000000", "1.161300000", "0.200000000", "0.016806723", "31.378106723"),
            (period.Energy, period.Tiers, period.Levies, period.Tax, period.Charge));
        Assert.Equal(["levy fund 0.200000000", "tax duty 0.016806723", "includedTax VAT 5.007266386"],
            period.Named.Select(n => $"{n.Kind} {n.Name} {n.Amount}"));

        grid.Time.Shift(TimeSpan.FromMinutes(30));
        var entries = await Eventually.GetAsync(
            () => grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/STRUCT/entries?limit=100"), p => Sum(p, e => e.Amount) == -31.378106723m, "Days close");
        Assert.Equal(0.2m, Sum(entries, e => e.Levies));
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_price_below_zero_is_registered_and_credited()
    {
        await OpenAsync("BELOW", GridFixture.Flat() with { Id = "below-zero", Rates = [new RateDefinition("flat", "-0.05")] });
        await grid.PushAsync(("BELOW", "2026-03-20T00:00:00+08:00", 20_000));
        await grid.BalanceAsync("BELOW", "1.000000000");
        await grid.AssertAuditAsync();
    }

    private async Task OpenAsync(string id, TariffDefinition tariff)
    {
        await grid.Admin.RegisterAsync("/v1/tariffs", tariff);
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, tariff.Id, OpenedOn: new DateOnly(2026, 3, 17)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest(id, "G1", id, new DateTimeOffset(2026, 3, 17, 0, 0, 0, TimeSpan.FromHours(8))));
    }

    private static decimal Sum(Page<EntryAnswer> page, Func<EntryAnswer, string?> amount) =>
        page.Data.Sum(e => decimal.Parse(amount(e) ?? "0", System.Globalization.CultureInfo.InvariantCulture));
}
