using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Supply;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests;

/// <summary>
/// Customers through the API of a grid of their own, whose clock they move over weeks: warnings, bills, the interlock, relays, the breaker, second persons.
/// </summary>
public sealed class CustomerApiTests(CustomerGrid town) : IClassFixture<CustomerGrid>
{
    [Fact]
    public async Task A_prepaid_customer_is_warned_in_her_language_cut_last_and_restored_by_a_payment()
    {
        await town.OpenAsync("PRE", "prepaid", "cn-residential", [], "form 7");
        await town.ContactAsync("PRE", "en", area: "north");
        await town.PayAsync("PRE", "100");
        await town.LiveAsync("PRE", days: 12, whPerDay: 24_000);
        var warned = await town.NoticesAsync("PRE", n => n.Any(x => x.Kind == "balance-exhausted"));
        Assert.Contains(warned,
            n => n.Kind == "low-balance" && n.Subject!.StartsWith("Account PRE:", StringComparison.Ordinal)
                && n.Text!.Contains("days", StringComparison.Ordinal));
        Assert.All(warned.Where(n => n.State == "delivered"), n => Assert.Equal("file", n.Channel));

        var interlock = await town.Grid.Admin.GetAsync<InterlockAnswer>("/v1/accounts/PRE/interlock");
        Assert.False(interlock.Go);
        Assert.All(interlock.Reasons, r => Assert.StartsWith("interlock.", r.Code, StringComparison.Ordinal));
        Assert.StartsWith("cn-residential/1#", interlock.Policy, StringComparison.Ordinal);

        await town.UntilAsync("PRE", c => c.Relay == "CutPlanned", days: 10, whPerDay: 24_000);
        using var gateway = town.Grid.WithKey(town.GatewayKey);

        // Restores of other customers that nobody has confirmed go first; a gateway that goes on asking comes to the cut.
        var cut = await town.NextAsync(gateway, "PRE", after: 0);
        Assert.Equal("off", cut.Action);
        Assert.NotNull(cut.Expires);
        Assert.Null(await town.ReportAsync(gateway, cut, "off"));
        Assert.Equal("Cut", (await town.CustomerAsync("PRE")).Relay);
        Assert.Equal("relay.superseded", await town.ReportAsync(gateway, cut with { Sequence = cut.Sequence + 5 }, "off"));

        // A command may be seen again until its confirmation is written; whoever has carried it out knows it by its number.
        var waiting = town.NextAsync(gateway, "PRE", after: cut.Sequence);
        await town.PayAsync("PRE", "200");
        var restore = await waiting;
        Assert.Equal(("on", null), (restore.Action, restore.Expires));
        Assert.Null(await town.ReportAsync(gateway, restore, "on"));
        await Eventually.GetAsync(() => town.CustomerAsync("PRE"), c => c is { Relay: "On", NextLook: null }, "Supply on, and no due row");

        // A confirmation that comes again is known, with its state or without, and changes nothing.
        Assert.Null(await town.ReportAsync(gateway, cut, "off"));
        Assert.False(await town.Grid.Host.Services.GetRequiredService<RelayReports>().TurnsOnAsync(cut.Meter, cut.Sequence));
        Assert.Equal("On", (await town.CustomerAsync("PRE")).Relay);
        Assert.Contains(await town.NoticesAsync("PRE", n => n.Any(x => x.Kind == "supply-restored")), n => n.Kind == "supply-cut");
        await town.Grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_bill_is_closed_once_and_reads_as_json_and_as_a_page()
    {
        await town.OpenAsync("POST", "postpaid", "cn-residential", []);
        await town.ContactAsync("POST", "zh-CN", area: "north");
        await town.LiveUntilBillAsync("POST", whPerDay: 10_000);
        var bills = await Eventually.GetAsync(() => town.Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/POST/bills"),
            b => b.Count == 1 && b[0].Document is not null, "A written bill");
        var bill = bills[0].Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        Assert.Equal(decimal.Parse(bill.Total, System.Globalization.CultureInfo.InvariantCulture),
            bill.Lines.Sum(l => decimal.Parse(l.Amount, System.Globalization.CultureInfo.InvariantCulture)));
        var energy = Assert.Single(bill.Lines, l => l.Kind == "energy");
        Assert.Equal(("flat", "0.500000", bill.EnergyWh), (energy.Name, energy.PricePerKwh, energy.EnergyWh!.Value));
        Assert.NotNull(bill.Due);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/POST/bills/{bill.From[..7]}");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await town.Grid.Http.SendAsync(request);
        var page = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.Contains("POST", page, StringComparison.Ordinal);
        Assert.Contains("flat", page, StringComparison.Ordinal);

        // Whose bill it is, by which meter, and how it can be paid; in the customer's language and no other. The company is not configured: it is left out.
        var meter = Assert.Single(bill.Meters!);
        Assert.Equal(("POST", bill.EnergyWh), (meter.Meter, meter.EnergyWh));
        Assert.InRange(meter.ToWh - meter.FromWh, bill.EnergyWh - 20_000, bill.EnergyWh + 20_000);
        Assert.Matches("<h2>电表示数</h2>.*POST.*" + (meter.ToWh / 1000m).ToString("#,0.000", System.Globalization.CultureInfo.InvariantCulture), page);
        Assert.DoesNotContain("供电企业", page, StringComparison.Ordinal);
        Assert.All(new[] { "客户编号", "缴费方式", "请注明客户编号 POST" }, word => Assert.Contains(word, page, StringComparison.Ordinal));
        Assert.DoesNotMatch(">[A-Z][a-z]+ [a-z]+<", page);

        var english = BillPage.Of(bills[0].Document!.Value, new BillParty("en", "Hill Power", "555 0100", "Pay in the app."));
        Assert.All(
            new[] { "Hill Power", "555 0100", "Customer reference", "Meter readings", "How to pay",
                "Pay in the app. Please name your customer reference POST." }, word => Assert.Contains(word, english, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", english);
        Assert.DoesNotContain("left over", english, StringComparison.Ordinal);
        Assert.Equal((404, "bill.unknown"), await town.CodeAsync(HttpMethod.Get, "/v1/accounts/POST/bills/1999-01"));
        foreach (var month in new[] { bill.From[..7].Replace("-", "", StringComparison.Ordinal), $"{bill.From[..3]}-{bill.From[3..4]}{bill.From[5..7]}",
            "2026-3", "2026-13", "-2026-03", "2026-03-32" })
        {
            Assert.Equal((400, "bill.month_invalid"), await town.CodeAsync(HttpMethod.Get, $"/v1/accounts/POST/bills/{month}"));
        }
    }

    private async Task<ApprovalAnswer> AskAsync(string path, object body, string key)
    {
        var (status, asked) = await town.Grid.SendAsync(HttpMethod.Post, path, body, key);
        Assert.Equal(202, status);
        return System.Text.Json.JsonSerializer.Deserialize<ApprovalAnswer>(asked, System.Text.Json.JsonSerializerOptions.Web)!;
    }

    private async Task<int> AgreeAsync(ApprovalAnswer asked, HttpClient http) =>
        (await town.Grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked.Approval}", new ApprovalDecision(true, asked.Hash), http: http)).Status;

    private async Task<(int Status, string? Code)> CodeAsync(string path, object body, string key, HttpClient? http)
    {
        var (status, answer) = await town.Grid.SendAsync(HttpMethod.Post, path, body, key, http);
        return (status, answer.TryGetProperty("code", out var code) ? code.GetString() : null);
    }

    [Fact]
    public async Task Large_adjustments_and_mode_changes_need_a_second_person()
    {
        await town.OpenAsync("TWO", "postpaid", "cn-residential", []);
        var large = new AdjustmentRequest("1000.01", "a large one");
        var asked = await AskAsync("/v1/accounts/TWO/adjustments", large, "a1");
        Assert.Equal(asked.Approval, (await AskAsync("/v1/accounts/TWO/adjustments", large, "a1")).Approval);
        Assert.Equal((409, "approval.not_possible"),
            await town.CodeAsync(HttpMethod.Post, $"/v1/approvals/{asked.Approval}", new ApprovalDecision(true, asked.Hash)));
        using var second = town.Grid.WithKey(town.SecondKey);
        Assert.Equal(200, await AgreeAsync(asked, second));
        Assert.Equal(200, await AgreeAsync(asked, second));
        await town.Grid.BalanceAsync("TWO", "1000.01");
        Assert.Equal(201,
            (await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/TWO/adjustments", new AdjustmentRequest("-1000", "a small one"), key: "a2")).Status);

        asked = await AskAsync("/v1/accounts/TWO/mode", new ModeRequest("prepaid"), "m1");
        Assert.Equal((422, "mode.no_consent"),
            await town.CodeAsync(HttpMethod.Post, $"/v1/approvals/{asked.Approval}", new ApprovalDecision(true, asked.Hash), second));
        Assert.Equal(200, await AgreeAsync(await AskAsync("/v1/accounts/TWO/mode", new ModeRequest("prepaid", "form 7"), "m2"), second));
        Assert.Equal("prepaid", (await town.Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/TWO")).Mode);
    }

    [Fact]
    public async Task A_plan_is_cancelled_with_its_reason_and_another_one_can_be_agreed_and_cancelled_too()
    {
        await town.OpenAsync("PLAN", "postpaid", "cn-residential", []);
        Assert.Equal((422, "plan.unknown"), await town.CodeAsync(HttpMethod.Delete, "/v1/accounts/PLAN/plans?reason=none"));
        Assert.Equal(201,
            (await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/PLAN/adjustments", new AdjustmentRequest("-60", "call-out"), key: "plan")).Status);
        await town.LiveUntilBillAsync("PLAN", whPerDay: 1_000);
        var plan = new PlanRequest([new PlanInstalment(DateOnly.FromDateTime(town.Grid.Time.GetUtcNow().UtcDateTime).AddDays(10), "60")]);
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal((200, null), await town.CodeAsync(HttpMethod.Post, "/v1/accounts/PLAN/plans", plan));
            Assert.Equal((422, "plan.exists"), await town.CodeAsync(HttpMethod.Post, "/v1/accounts/PLAN/plans", plan));
            Assert.Equal((200, null), await town.CodeAsync(HttpMethod.Delete, "/v1/accounts/PLAN/plans?reason=moved"));
            Assert.Equal((422, "plan.unknown"), await town.CodeAsync(HttpMethod.Delete, "/v1/accounts/PLAN/plans?reason=moved"));
        }

        Assert.Equal((404, "account.unknown"), await town.CodeAsync(HttpMethod.Delete, "/v1/accounts/NOBODY/plans?reason=moved"));
    }

    [Fact]
    public async Task Going_to_prepaid_with_something_owed_needs_the_terms_by_which_it_is_recovered()
    {
        await town.OpenAsync("TERMS", "postpaid", "cn-residential", []);
        Assert.Equal(201,
            (await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/TERMS/adjustments", new AdjustmentRequest("-60", "call-out"), key: "terms")).Status);
        using var second = town.Grid.WithKey(town.SecondKey);
        Assert.Equal("mode.owed", await AgreedAsync(new ModeRequest("prepaid", "form 9")));
        Assert.Equal("debt.share_invalid", await AgreedAsync(new ModeRequest("prepaid", "form 9", 99.99m)));
        Assert.Equal("debt.per_day_invalid", await AgreedAsync(new ModeRequest("prepaid", "form 9", 0, "1000")));
        Assert.Equal((422, "debt.share_invalid"),
            await town.CodeAsync(HttpMethod.Post, "/v1/accounts/TERMS/mode", new ModeRequest("prepaid", "form 9", 100.01m), key: "over"));
        Assert.Equal((422, "debt.share_invalid"),
            await town.CodeAsync(HttpMethod.Post, "/v1/accounts/TERMS/mode", new ModeRequest("prepaid", "form 9", 0.001m), key: "fine"));
        Assert.Null(await AgreedAsync(new ModeRequest("prepaid", "form 9", 10)));
        var account = await town.Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/TERMS");
        Assert.Equal(("prepaid", "0.000000000"), (account.Mode, account.Balance));
        Assert.Equal("60.000000000", (await town.CustomerAsync("TERMS")).Debt);

        // A tenth of what is paid recovers it.
        await town.PayAsync("TERMS", "100");
        Assert.Equal("50.000000000", (await town.CustomerAsync("TERMS")).Debt);
        await town.Grid.BalanceAsync("TERMS", "90.0");

        async Task<string?> AgreedAsync(ModeRequest request)
        {
            var asked = await AskAsync("/v1/accounts/TERMS/mode", request, $"terms-{request.DebtSharePercent}-{request.DebtPerDay}");
            return (await town.CodeAsync(HttpMethod.Post, $"/v1/approvals/{asked.Approval}", new ApprovalDecision(true, asked.Hash), second)).Code;
        }
    }

    /// <summary>What is agreed to is what was shown: it can be looked at, and cannot be exchanged for something else under its key.</summary>
    [Fact]
    public async Task An_approval_shows_what_is_agreed_to_and_cannot_be_swapped()
    {
        await town.OpenAsync("SWAP", "postpaid", "cn-residential", []);
        using var second = town.Grid.WithKey(town.SecondKey);
        var asked = await AskAsync("/v1/accounts/SWAP/write-offs", new WriteOffRequest("5", "small"), "w1");
        Assert.Equal((422, "idempotency.key_reused"), await CodeAsync("/v1/accounts/SWAP/write-offs", new WriteOffRequest("5000", "large"), "w1", null));

        // Another person's request under the same key is another approval.
        var (_, others) = await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/SWAP/write-offs", new WriteOffRequest("5000", "large"), "w1", second);
        Assert.NotEqual(asked.Approval, others.GetProperty("approval").GetGuid());

        var shown = await town.Grid.Admin.GetAsync<ApprovalAnswer>($"/v1/approvals/{asked.Approval}");
        Assert.Equal(("SWAP", "write-off", "5", asked.Hash, null),
            (shown.Account, shown.Kind, shown.Body.GetProperty("amount").GetString(), shown.Hash, shown.AnsweredBy));
        Assert.Contains(await town.Grid.Admin.ListAsync<ApprovalAnswer>("/v1/approvals?limit=500"), a => a.Approval == asked.Approval);
        Assert.Equal((409, "approval.content_differs"),
            await town.CodeAsync(HttpMethod.Post, $"/v1/approvals/{asked.Approval}", new ApprovalDecision(true, new string('0', 64)), second));

        // Whoever changes it in the database changes what was agreed to.
        await using (var change = town.Grid.Database.CreateCommand("update approval set body = replace(body, '\"5\"', '\"5000\"') where id = $1"))
        {
            change.Parameters.Add(new() { Value = asked.Approval });
            Assert.Equal(1, await change.ExecuteNonQueryAsync());
        }

        Assert.Equal((409, "approval.content_differs"),
            await town.CodeAsync(HttpMethod.Post, $"/v1/approvals/{asked.Approval}", new ApprovalDecision(true, asked.Hash), second));
        Assert.Equal((404, "approval.unknown"), await town.CodeAsync(HttpMethod.Get, $"/v1/approvals/{Guid.Empty}", null));
    }

    /// <summary>Nine hundred thousand, or ninety times ten: neither is one person's to give.</summary>
    [Fact]
    public async Task What_one_person_moves_counts_together_with_refunds_and_without_a_policy_pack_too()
    {
        await town.Grid.OpenAsync("SPLIT");
        using var second = town.Grid.WithKey(town.SecondKey);
        var large = await AskAsync("/v1/accounts/SPLIT/adjustments", new AdjustmentRequest("900000", "mine"), "s0");
        await town.Grid.BalanceAsync("SPLIT", "0.000000000");
        Assert.Equal(201,
            (await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/SPLIT/adjustments", new AdjustmentRequest("900", "one"), key: "s1")).Status);
        await AskAsync("/v1/accounts/SPLIT/adjustments", new AdjustmentRequest("100.01", "two"), "s2");
        await AskAsync("/v1/accounts/SPLIT/adjustments", new AdjustmentRequest("-100.01", "the other way"), "s3");
        var refund = await AskAsync("/v1/accounts/SPLIT/refunds", new RefundRequest("100.01", "paid out"), "s4");
        Assert.Equal(201, (await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/SPLIT/refunds", new RefundRequest("100", "up to it"), key: "s5")).Status);
        Assert.Equal(200, await AgreeAsync(refund, second));
        Assert.Equal(200, await AgreeAsync(large, second));
        await town.Grid.BalanceAsync("SPLIT", "900699.99");
    }

    [Fact]
    public async Task Bad_input_names_field_and_value()
    {
        await town.OpenAsync("BAD", "postpaid", "cn-residential", []);
        Assert.Equal((422, "policy.unknown"), await town.CodeAsync(HttpMethod.Put, "/v1/accounts/BAD/customer", new CustomerRequest("nowhere")));
        Assert.Equal((422, "policy.incompatible"), await town.CodeAsync(HttpMethod.Put, "/v1/accounts/BAD/customer", new CustomerRequest("gb-prepay")));
        Assert.Equal((422, "customer.class_invalid"),
            await town.CodeAsync(HttpMethod.Put, "/v1/accounts/BAD/customer", new CustomerRequest("cn-residential", "royal")));
        Assert.Equal((422, "customer.trait_invalid"),
            await town.CodeAsync(HttpMethod.Put, "/v1/accounts/BAD/customer", new CustomerRequest("cn-residential", Traits: ["tall"])));
        Assert.Equal((422, "contact.language_invalid"), await town.CodeAsync(HttpMethod.Put, "/v1/accounts/BAD/contact", new ContactRequest("fr", [])));
        Assert.Equal((422, "contact.channel_invalid"),
            await town.CodeAsync(HttpMethod.Put, "/v1/accounts/BAD/contact", new ContactRequest("en", [new ContactChannel("pigeon", "roof")])));
        Assert.Equal((422, "hold.kind_invalid"), await town.CodeAsync(HttpMethod.Post, "/v1/accounts/BAD/holds", new HoldRequest("whim", "no reason")));
        Assert.Equal((422, "hold.over"),
            await town.CodeAsync(HttpMethod.Post, "/v1/accounts/BAD/holds", new HoldRequest("manual", "late", DateTimeOffset.UnixEpoch)));
        Assert.Equal((422, "plan.invalid"), await town.CodeAsync(HttpMethod.Post, "/v1/accounts/BAD/plans", new PlanRequest([])));
        Assert.Equal((422, "contact.kind_unknown"), await town.CodeAsync(HttpMethod.Post, "/v1/accounts/BAD/contacts", new ContactMadeRequest("song", "fine")));
        Assert.Equal((422, "waiver.invalid"), await town.CodeAsync(HttpMethod.Post, "/v1/accounts/BAD/waivers", new WaiverRequest("5", "kind"), key: "w1"));
        Assert.Equal((422, "relay.wait_invalid"), await town.CodeAsync(HttpMethod.Get, "/v1/gateways/G1/commands?wait=61"));
        Assert.Equal((404, "gateway.unknown"), await town.CodeAsync(HttpMethod.Get, "/v1/gateways/none/commands"));
        using var other = town.Grid.WithKey(town.OtherGatewayKey);
        Assert.Equal((403, "key.not_allowed"), await town.CodeAsync(HttpMethod.Get, "/v1/gateways/G1/commands", http: other));
        var (status, body) = await town.Grid.SendAsync(HttpMethod.Post, "/v1/policies", JsonContent.Create(new { id = "x" }));
        Assert.Equal((400, "request.member_missing"), (status, body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task What_waited_through_quiet_hours_is_withdrawn_where_it_is_no_longer_true_and_one_where_it_is()
    {
        foreach (var (id, pays) in new[] { ("NIGHT", true), ("DARK", false) })
        {
            await town.OpenAsync(id, "prepaid", "cn-residential", [], consent: "form 7");
            await town.PayAsync(id, "60");
            await town.UntilHourAsync(id, 21, whPerDay: 480);
            await town.UntilHourAsync(id, 23, whPerDay: 2_400_000);
            var waiting = await town.NoticesAsync(id, n => n.Count >= 3);
            Assert.All(waiting, n => Assert.Equal("queued", n.State));
            if (pays)
            {
                // So much that the use of this evening, were it to go on, would last for the re-arming amount of every level by days.
                await town.PayAsync(id, "9000");
            }

            await town.UntilHourAsync(id, 9, whPerDay: 480);
            var left = await town.NoticesAsync(id, n => n.Where(x => waiting.Any(w => w.Id == x.Id)).All(x => x.State != "queued"));
            var states = waiting.Select(w => left.Single(n => n.Id == w.Id).State).Order().ToList();
            Assert.Equal(waiting.Count - (pays ? 0 : 1), states.Count(s => s == "withdrawn"));
            if (!pays)
            {
                var balance = (await town.Grid.Admin.GetAsync<AccountAnswer>($"/v1/accounts/{id}")).Balance;
                Assert.Equal("balance-exhausted", left.Single(n => waiting.Any(w => w.Id == n.Id) && n.State != "withdrawn").Kind);
                Assert.StartsWith("-", balance, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A word on delivery is held against what was handed over.</summary>
    [Fact]
    public async Task Delivery_is_proven_only_for_what_left_and_by_the_channel_that_had_it()
    {
        await town.OpenAsync("WORD", "postpaid", "cn-residential", []);
        var at = town.Grid.Time.GetUtcNow();
        async Task<string> RowAsync(string name, string state, params string[] channels)
        {
            var handed = string.Join(',', channels.Select((c, i) => $$"""{"channel":"{{c}}","atMs":{{at.AddMinutes(i - 10).ToUnixTimeMilliseconds()}}}"""));
            await using var insert = town.Grid.Database.CreateCommand(
                $$"""
                insert into outbox (id, account, partition, position, kind, created_ms, next_attempt_at, body, message, channels, channel_index, attempts,
                  state, handed)
                select number || ':{{name}}:1', number, partition, 0, 'demand', 0, '2200-01-01', '{"balance":"1","currency":"CNY","atMs":0,"policy":"p/1"}',
                  'x', '[{"channel":"sms","to":""},{"channel":"email","to":""}]', 1, 3,
                    '{{state}}', '[{{handed}}]' from account where id = 'WORD' returning id
                """);
            return (string)(await insert.ExecuteScalarAsync())!;
        }

        async Task<string> SayAsync(string id, string state, string? channel, DateTimeOffset? when = null)
        {
            var (status, body) = await town.Grid.SendAsync(HttpMethod.Post, $"/v1/notices/{id}/delivery", new DeliveryRequest(state, channel, when));
            return status == 200
                ? $"{body.GetProperty("state").GetString()} {body.GetProperty("counted").GetBoolean()}"
                : body.GetProperty("code").GetString()!;
        }

        var never = await RowAsync("never", "queued");
        Assert.Equal("notice.not_handed_over", await SayAsync(never, "delivered", null));
        Assert.Equal("notice.not_handed_over", await SayAsync(never, "delivered", "sms"));
        var both = await RowAsync("both", "sent", "sms", "email");
        Assert.Equal("notice.channel_needed", await SayAsync(both, "delivered", null));
        Assert.Equal("notice.not_handed_over", await SayAsync(both, "delivered", "webhook"));
        Assert.Equal("sent False", await SayAsync(both, "failed", "sms"));
        Assert.Equal("delivered True", await SayAsync(both, "delivered", "sms"));
        Assert.Equal("delivered False", await SayAsync(both, "failed", "email"));
        var twice = await RowAsync("twice", "sent", "email", "email");
        Assert.Equal("sent False", await SayAsync(twice, "failed", "email"));
        Assert.Equal("sent False", await SayAsync(twice, "failed", "email", at.AddMinutes(-9.5)));
        Assert.Equal("failed True", await SayAsync(twice, "failed", "email", at.AddMinutes(-8)));
        Assert.Equal("notice.unknown", await SayAsync("0:demand:0", "delivered", "sms"));
    }

    /// <summary>Six printable characters that look like an escape, in texts that people choose: once they stopped a partition for ever.</summary>
    [Fact]
    public async Task Text_that_looks_like_an_escape_stops_nothing()
    {
        await town.OpenAsync("ESC", "postpaid", "cn-residential", []);
        Assert.Equal(201,
            (await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/ESC/payments", new PaymentRequest("1", Reference: "\\u0000"), key: "e1")).Status);
        Assert.Equal((422, "text.invalid"), await town.CodeAsync(HttpMethod.Post, "/v1/accounts/ESC/contacts", new ContactMadeRequest("\u0000", "fine")));
        Assert.Equal(200,
            (await town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/ESC/announcements",
                new AnnounceRequest("\\\\u0000", town.Grid.Time.GetUtcNow().AddDays(1)))).Status);
        var page = await Eventually.GetAsync(() => town.Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/ESC/entries"), p => p.Data.Count == 1,
            "The entry");
        Assert.Equal("\\u0000", page.Data[0].Reference);
    }

    [Fact]
    public async Task A_pack_can_be_tried_on_the_history_before_it_is_used()
    {
        await town.OpenAsync("WHAT", "prepaid", "cn-residential", []);
        await town.PayAsync("WHAT", "70");
        await town.LiveAsync("WHAT", days: 4, whPerDay: 12_000);
        var shipped = Domain.Policies.PolicyCompiler.Read(
            await File.ReadAllTextAsync(Path.Combine(PolicyCatalog.ShippedFolder, "cn-residential.json"))).Policy!.Definition;
        var bolder = Domain.Policies.PolicyCompiler.Compile(shipped with { LowBalance = new([new("69.9", "69.95"), new("30", "36")], []) }).Policy!;
        var services = town.Grid.Host.Services;
        var replay = new PolicyReplay(town.Grid.Database, services.GetRequiredService<Streams.Postgres.PostgresLog>(),
            services.GetRequiredService<AccountGrid.Host.Rating.TariffCatalog>(), services.GetRequiredService<PolicyCatalog>());
        var differences = await replay.RunAsync(bolder, new DateOnly(2026, 1, 1), new DateOnly(2027, 1, 1), 16);
        var (_, was, would) = Assert.Single(differences, d => d.Account == "WHAT");
        Assert.NotEqual(was.Notices, would.Notices);
        Assert.Empty(await replay.RunAsync(Domain.Policies.PolicyCompiler.Compile(shipped).Policy!, new DateOnly(2026, 1, 1), new DateOnly(2027, 1, 1), 16));
    }

    [Fact]
    public async Task The_breaker_and_the_switch_hold_cuts_for_a_person_and_never_a_restore()
    {
        // The pack allows ten cuts an hour in an area; twelve customers of one area run out together.
        var ids = Enumerable.Range(1, 12).Select(i => $"BRK{i:00}").ToList();
        foreach (var id in ids)
        {
            await town.OpenAsync(id, "prepaid", "cn-residential", [], "form 7");
            await town.ContactAsync(id, "zh-CN", area: "south");
            await town.PayAsync(id, "30");
        }

        await town.UntilAllAsync(ids, c => c.Relay == "CutPlanned", days: 20, whPerDay: 24_000);
        await town.Grid.Admin.PostAsync<object>("/v1/operations/cuts", new CutsRequest(true, "storm"));
        using var gateway = town.Grid.WithKey(town.GatewayKey);
        Assert.DoesNotContain(await town.CommandsAsync(gateway), c => ids.Contains(c.Meter));
        Assert.Equal(12,
            (await town.Grid.Admin.ListAsync<HeldCut>("/v1/relays/held")).Count(
                h => ids.Contains(h.Account) && h.Reason.StartsWith("Cuts are stopped", StringComparison.Ordinal)));
        await town.Grid.Admin.PostAsync<object>("/v1/operations/cuts", new CutsRequest(false, "over"));

        var given = new HashSet<string>();
        await Eventually.GetAsync(
            async () =>
            {
                given.UnionWith((await town.CommandsAsync(gateway)).Where(c => ids.Contains(c.Meter)).Select(c => c.Meter));
                return given.Count;
            },
            n => n >= 10, "Ten cuts");
        await town.CommandsAsync(gateway);
        Assert.Equal(10, given.Count);
        var held = (await town.Grid.Admin.ListAsync<HeldCut>("/v1/relays/held")).Where(h => ids.Contains(h.Account)).ToList();
        Assert.Equal(2, held.Count);
        Assert.All(held, h => Assert.StartsWith("Breaker: 10 cuts in area south", h.Reason, StringComparison.Ordinal));
        var cursor = (await town.Grid.Admin.GetAsync<Page<HeldCut>>("/v1/relays/held?limit=1")).NextCursor;
        Assert.Equal(200, (await town.Grid.SendAsync(HttpMethod.Post, $"/v1/relays/held/{held[0].Account}/{held[0].Sequence}")).Status);
        await Eventually.GetAsync(() => town.CommandsAsync(gateway), c => c.Any(x => x.Meter == held[0].Account), "The released cut");

        // Whoever works through the list goes on behind a row that is gone by now.
        var rest = await town.Grid.Admin.GetAsync<Page<HeldCut>>($"/v1/relays/held?cursor={cursor}");
        Assert.Contains(rest.Data, h => h.Account == held[1].Account);

        // One that is paid meanwhile is never cut, held or not.
        await town.PayAsync(held[1].Account, "300");
        Assert.Equal("On", (await town.CustomerAsync(held[1].Account)).Relay);
        await Eventually.GetAsync(() => town.Grid.Admin.ListAsync<HeldCut>("/v1/relays/held"), h => h.All(x => x.Account != held[1].Account),
            "A held cut that is gone");
    }
}
