using System.Text.Json;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>Money at the API: whose key it is, what the same request is, which payment is reversed, which currency and price is meant.</summary>
public sealed class MoneyApiTests(GridFixture grid)
{
    [Fact]
    public async Task An_amount_written_otherwise_is_the_same_payment()
    {
        await grid.OpenAsync("SAME");
        var (first, one) = await PayAsync("SAME", new PaymentRequest("10"), "k");
        var (second, two) = await PayAsync("SAME", new PaymentRequest("10.00", "api"), "k");
        Assert.Equal((201, 201), (first, second));
        Assert.Equal(one.GetRawText(), two.GetRawText());
        Assert.Equal((422, "idempotency.key_reused"), CodeOf(await PayAsync("SAME", new PaymentRequest("10.01"), "k")));
        await grid.BalanceAsync("SAME", "10.0");
    }

    [Fact]
    public async Task A_key_is_its_callers_own_and_stays_so_when_the_api_key_is_rotated()
    {
        await grid.OpenAsync("WHOSE");
        var (a, b) = (await ClientAsync("shop"), await ClientAsync("shop"));
        using var shopA = grid.WithKey(a);
        using var shopB = grid.WithKey(b);
        var (_, ofA) = await PayAsync("WHOSE", new PaymentRequest("10"), "order-1", shopA);
        var (status, ofB) = await PayAsync("WHOSE", new PaymentRequest("10"), "order-1", shopB);
        Assert.Equal(201, status);
        Assert.NotEqual(ofA.GetProperty("id").GetString(), ofB.GetProperty("id").GetString());
        var rotated = await grid.Admin.PostAsync<RotatedKeyAnswer>($"/v1/keys/{a.Split('_')[1]}/rotate", new RotateKeyRequest());
        var again = await grid.Admin.PostAsync<RotatedKeyAnswer>($"/v1/keys/{rotated.Key.Split('_')[1]}/rotate", new RotateKeyRequest());
        using var shopLater = grid.WithKey(again.Key);
        var (_, later) = await PayAsync("WHOSE", new PaymentRequest("10"), "order-1", shopLater);
        Assert.Equal(ofA.GetProperty("id").GetString(), later.GetProperty("id").GetString());
        await grid.BalanceAsync("WHOSE", "20.0");
    }

    /// <summary>Sent again under a rotated key, a request is the same: one approval waits for it, and money goes once.</summary>
    [Fact]
    public async Task What_a_person_asks_for_is_asked_for_once_though_their_api_key_is_rotated()
    {
        await grid.OpenAsync("ASKED");
        await PayAsync("ASKED", new PaymentRequest("3000"), "asked-pay");
        var made = await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("administrator", "asker"));
        using var before = grid.WithKey(made.Key);
        var rotated = await grid.Admin.PostAsync<RotatedKeyAnswer>($"/v1/keys/{made.Key.Split('_')[1]}/rotate", new RotateKeyRequest(60));
        using var after = grid.WithKey(rotated.Key);
        var asked = new List<string>();
        foreach (var http in new[] { before, after })
        {
            var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/ASKED/adjustments", new AdjustmentRequest("-2000", "call-out"), "a", http);
            Assert.Equal(202, status);
            asked.Add(body.GetProperty("approval").GetString()!);
            Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/ASKED/refunds", new RefundRequest("10", "paid out"), "r", http)).Status);
        }

        Assert.Equal(asked[0], asked[1]);
        await grid.BalanceAsync("ASKED", "2990.0");
    }

    [Fact]
    public async Task A_payment_of_another_currency_is_refused_by_the_members_name()
    {
        await grid.OpenAsync("USD");
        var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/USD/payments", new { amount = "10", currency = "USD" }, "u");
        Assert.Equal((400, "request.member_unknown"), (status, body.GetProperty("code").GetString()));
        Assert.StartsWith("currency:", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await grid.BalanceAsync("USD", "0.0");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1-2-3")]
    [InlineData("01-100")]
    [InlineData("1-0100")]
    [InlineData("+1-100")]
    [InlineData("")]
    public async Task The_id_of_an_adjustment_is_taken_as_its_answer_gave_it_and_in_no_other_form(string corrects)
    {
        await grid.OpenAsync("CORR");
        Assert.Equal((400, "adjustment.id_invalid"),
            CodeOf(
                await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CORR/adjustments", new AdjustmentRequest("-1", "taken back", corrects), $"c{corrects}")));
    }

    [Fact]
    public async Task An_adjustment_takes_back_one_of_its_own_account_only()
    {
        await grid.OpenAsync("CORR");
        var (_, made) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CORR/adjustments", new AdjustmentRequest("2", "goodwill"), "made");
        var id = made.GetProperty("id").GetString()!;
        var partition = int.Parse(id.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((422, "adjustment.unknown"),
            CodeOf(
                await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CORR/adjustments",
                    new AdjustmentRequest("-2", "taken back", $"{partition + 1}-{id.Split('-')[1]}"), "other")));
        var (status, _) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CORR/adjustments", new AdjustmentRequest("-2", "taken back", id), "own");
        Assert.Equal(201, status);

        // The entry says what it corrects, for whoever reads it later.
        var page = await Eventually.GetAsync(() => grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/CORR/entries"), p => p.Data.Count == 2, "Both entries");
        Assert.Equal([("-2.000000000", id), ("2.000000000", null)], page.Data.Select(e => (e.Amount, e.Corrects)));
        Assert.Equal((422, "adjustment.not_corrected"),
            CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CORR/adjustments", new AdjustmentRequest("-0.01", "once more", id), "more")));
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_reversal_takes_back_the_payment_that_it_names_and_says_how_much()
    {
        await grid.OpenAsync("REV");
        await grid.OpenAsync("REV-OTHER");
        var payment = (await PayAsync("REV", new PaymentRequest("12.5"), "p")).Body.GetProperty("id").GetString()!;
        var (partition, position) = (int.Parse(payment.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture), payment.Split('-')[1]);
        foreach (var wrong in (string[])["nonsense-1", $"nonsense-{position}", position, $"{partition}-0{position}", $"+{partition}-{position}", $"{payment}-0",
            $"{partition} -{position}", ""])
        {
            Assert.Equal((400, "payment.id_invalid"), CodeOf(await ReverseAsync("REV", wrong)));
        }

        Assert.Equal((404, "payment.unknown"), CodeOf(await ReverseAsync("REV", $"{(partition + 1) % 16}-{position}")));
        Assert.Equal((404, "payment.unknown"), CodeOf(await ReverseAsync("REV", $"{partition}-{position}9")));
        var (status, body) = await ReverseAsync("REV", payment, "bounce");
        Assert.Equal((201, "-12.500000000", "0.000000000"), (status, body.GetProperty("amount").GetString(), body.GetProperty("balance").GetString()));
        (status, body) = await ReverseAsync("REV", payment, "bounce");
        Assert.Equal((201, "-12.500000000"), (status, body.GetProperty("amount").GetString()));

        // The answer that is read from the table, long after, is the same.
        await grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        (_, body) = await ReverseAsync("REV", payment, "bounce");
        Assert.Equal("-12.500000000", body.GetProperty("amount").GetString());
        Assert.Equal((409, "payment.reversed"), CodeOf(await ReverseAsync("REV", payment, "once more")));
    }

    [Fact]
    public async Task An_account_is_opened_on_the_version_that_is_in_force_one_by_one_and_in_bulk()
    {
        await grid.Admin.RegisterAsync("/v1/tariffs", Of("versions", "0.50", 1, null));
        await grid.Admin.RegisterAsync("/v1/tariffs", Of("versions", "5", 2, new DateOnly(2027, 6, 1)));
        var day = new DateOnly(2026, 3, 1);
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("VERS-1", "versions", OpenedOn: day));
        var many = await grid.Admin.RegisterManyAsync(
            [new RegistrationLine(new OpenAccountRequest("VERS-2", "versions", OpenedOn: day)),
                new RegistrationLine(new OpenAccountRequest("VERS-3", "versions", 2, OpenedOn: day))]);
        Assert.Equal((1, 1, "tariff.not_effective"), (many.Created, many.Rejected, many.Errors[0].Code));
        foreach (var id in (string[])["VERS-1", "VERS-2"])
        {
            await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
                new InstallMeterRequest(id, "G1", id, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8))));
            await grid.PushAsync((id, "2026-03-01T01:00:00+08:00", 1_000));
            await grid.BalanceAsync(id, "-0.500000000");
        }

        Assert.Equal((422, "tariff.not_effective"),
            CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("VERS-4", "versions", 2, OpenedOn: day))));
        Assert.Equal((422, "tariff.not_effective"),
            CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/accounts/VERS-1/tariff", new ChangeTariffRequest("versions", new DateOnly(2027, 5, 31), 2))));
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/VERS-1/tariff", new ChangeTariffRequest("versions", new DateOnly(2027, 6, 1)))).Status);
    }

    [Fact]
    public async Task Levels_beyond_the_largest_amount_are_refused_and_the_id_is_not_lost()
    {
        foreach (var level in (string[])["9000000000", "-9223372036.854775808", "99999999999999999999999"])
        {
            var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("LEVEL", "flat", LowBalanceLevels: [level]));
            Assert.Equal(422, status);
            Assert.StartsWith("lowBalanceLevels:", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("LEVEL", "flat", LowBalanceLevels: ["30"]))).Status);
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("LEVEL", "flat", LowBalanceLevels: ["30.00", "30"]))).Status);
    }

    [Fact]
    public async Task No_meter_counts_before_its_accounts_first_day()
    {
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("LATE-1", "flat", OpenedOn: new DateOnly(2026, 3, 20)));
        var early = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8));
        Assert.Equal((422, "meter.before_account"),
            CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/meters", new InstallMeterRequest("LATE-1", "G1", "LATE-1", early))));
        await grid.OpenAsync("LATE-2");
        Assert.Equal((422, "meter.before_account"),
            CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/meters/LATE-2/assignments", new AssignMeterRequest("LATE-1", early.AddDays(18)))));
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/meters", new InstallMeterRequest("LATE-1", "G1", "LATE-1", early.AddDays(19)))).Status);

        // The same instant in another offset is the same meter.
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Post, "/v1/meters",
                new InstallMeterRequest("LATE-1", "G1", "LATE-1", early.AddDays(19).ToUniversalTime()))).Status);
    }

    [Theory]
    [InlineData("{\"id\":\"OFFSET\",\"gateway\":\"G1\",\"installedAt\":\"2026-03-01T00:00:00\"}", "/v1/meters", "installedAt")]
    [InlineData("{\"account\":\"X\",\"at\":\"2026-03-01T00:00:00\"}", "/v1/meters/any/assignments", "at")]
    [InlineData("{\"newMeter\":\"X\",\"at\":\"2026-03-01\",\"finalWh\":1,\"startWh\":1}", "/v1/meters/any/exchange", "at")]
    [InlineData("{\"kind\":\"manual\",\"reason\":\"r\",\"until\":\"2026-03-01T00:00:00\"}", "/v1/accounts/any/holds", "until")]
    [InlineData("{\"reference\":\"r\",\"until\":\"2026-03-01T00:00\"}", "/v1/accounts/any/announcements", "until")]
    public async Task An_instant_without_its_offset_is_refused(string json, string path, string field)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Post, path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"), "o");
        Assert.Equal((400, "request.value_invalid"), (status, body.GetProperty("code").GetString()));
        Assert.StartsWith($"{field}: ", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a\\b")]
    [InlineData("a/b")]
    public async Task An_id_that_no_address_can_hold_is_refused(string id)
    {
        Assert.Equal((422, "id.invalid"), CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest(id, "flat"))));
        Assert.Equal((422, "id.invalid"), CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/meters", new InstallMeterRequest(id, "G1"))));
        Assert.Equal((422, "id.invalid"), CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/gateways", new GatewayRequest(id))));
        Assert.Equal((422, "tariff.invalid"), CodeOf(await grid.SendAsync(HttpMethod.Post, "/v1/tariffs", Of(id, "1", 1, null))));
    }

    [Fact]
    public async Task A_price_of_a_large_number_is_charged_to_the_last_unit()
    {
        await grid.Admin.RegisterAsync("/v1/tariffs", Of("rupiah", "1444.70", 1, null) with { Currency = "IDR", Zone = "Asia/Jakarta" });
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("IDR", "rupiah", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest("IDR", "G1", "IDR", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(7))));
        Assert.Equal(201, (await PayAsync("IDR", new PaymentRequest("250000000"), "idr")).Status);
        await grid.PushAsync(("IDR", "2026-03-01T01:00:00+07:00", 12_345));
        await grid.BalanceAsync("IDR", "249982165.178500000");
    }

    private static TariffDefinition Of(string id, string price, int version, DateOnly? from) =>
        GridFixture.Flat() with { Id = id, Version = version, EffectiveFrom = from, Rates = [new("flat", price)] };

    private static (int Status, string? Code) CodeOf((int Status, JsonElement Body) answer) =>
        (answer.Status, answer.Body.TryGetProperty("code", out var code) ? code.GetString() : null);

    private Task<(int Status, JsonElement Body)> PayAsync(string id, PaymentRequest body, string key, HttpClient? http = null) =>
        grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{id}/payments", body, key, http);

    private Task<(int Status, JsonElement Body)> ReverseAsync(string id, string payment, string? key = null) =>
        grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{id}/reversals", new ReversalRequest(payment), key ?? Guid.NewGuid().ToString());

    private async Task<string> ClientAsync(string name) => (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("client", name))).Key;
}
