using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Tests;

/// <summary>A protected household that was imported as another is put right, and the audit agrees.</summary>
public sealed class HouseholdApiTests(GridFixture grid)
{
    [Fact]
    public async Task A_household_is_changed_from_a_day_on_and_what_was_charged_since_is_corrected()
    {
        await grid.Admin.RegisterAsync("/v1/tariffs",
            GridFixture.Flat() with { Id = "free-units", Tiers = new TierDefinition { Steps = [], ProtectedFreeWh = 15_000, FreePricePerKwh = "0.50" } });
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("HH1", "free-units", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest("HH1", "G1", "HH1", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8))));
        await grid.PushAsync(("HH1", "2026-03-10T00:00:00+08:00", 20_000), ("HH1", "2026-04-01T00:00:00+08:00", 20_000),
            ("HH1", "2026-04-10T00:00:00+08:00", 40_000));
        await grid.BalanceAsync("HH1", "-20.000000000");
        Assert.Equal(422,
            (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/HH1/household",
                new ChangeHouseholdRequest(101, true, new DateOnly(2026, 4, 5), "registered wrongly"))).Status);
        Assert.Equal(422,
            (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/HH1/household",
                new ChangeHouseholdRequest(2, true, new DateOnly(2199, 4, 5), "registered wrongly"))).Status);
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/HH1/household",
                new ChangeHouseholdRequest(2, true, new DateOnly(2026, 3, 5), "registered wrongly"))).Status);
        await grid.BalanceAsync("HH1", "-5.000000000");
        await grid.AssertAuditAsync();
    }
}
