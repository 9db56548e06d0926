using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AccountGrid.Host.Tests;

/// <summary>The whole table, role by endpoint, against a golden file: an endpoint without a row fails here, and so does a row that changed.</summary>
public sealed class AccessTests(GridFixture grid)
{
    /// <summary>A case of each account, by the account's id.</summary>
    private readonly Dictionary<string, string> _cases = [];

    [Fact]
    public async Task Every_role_may_do_at_every_endpoint_what_the_table_says()
    {
        await RegisterAsync("ACC-OWN", "north", "mia");
        await RegisterAsync("ACC-OTHER", "south", "noah");
        var client = await KeyAsync(new CreateKeyRequest("client", "web"));
        (string Name, HttpClient Http, string[] Targets)[] callers =
        [
            ("gateway", grid.WithKey(await KeyAsync(new CreateKeyRequest("gateway", "g", "G1"))), ["nobody"]),
            ("client", grid.WithKey(client), ["nobody"]),
            ("auditor", grid.WithKey(await KeyAsync(new CreateKeyRequest("auditor", "a"))), ["nobody"]),
            ("administrator", grid.WithKey(await KeyAsync(new CreateKeyRequest("administrator", "ad"))), ["nobody"]),
            ("collector", grid.WithKey(await KeyAsync(new CreateKeyRequest("collector", "c", Area: "north"))), ["ACC-OWN", "ACC-OTHER"]),
            ("account-manager", grid.WithKey(await KeyAsync(new CreateKeyRequest("account-manager", "m", Manager: "mia"))), ["ACC-OWN", "ACC-OTHER"]),
            ("channel", grid.WithKey(await KeyAsync(new CreateKeyRequest("channel", "ch", Channel: "bank-acc"))), ["nobody"]),
            ("customer", grid.WithKey(Token(client, "ACC-OWN")), ["ACC-OWN", "ACC-OTHER"]),
            ("anonymous", grid.WithKey(null), ["nobody"]),
        ];
        var table = new StringBuilder();
        foreach (var (method, path) in await ApiEndpoints.AllAsync(grid))
        {
            var may = new List<string>();
            foreach (var (name, http, targets) in callers)
            {
                var allowed = new List<string>();
                foreach (var target in targets)
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method),
                        Fill(path, target))
                    {
                        Content = method == "GET"
                                ? null
                                : new StringContent("", Encoding.UTF8, TypeOf(path))
                    };
                    using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                    Assert.True(IsAnswer(name, (int)response.StatusCode), $"{method} {path} answered {name} {(int)response.StatusCode}");
                    if ((int)response.StatusCode is not (401 or 403))
                    {
                        allowed.Add(target);
                    }
                }

                if (allowed.Count > 0)
                {
                    // A role with a scope may never act outside it, wherever the path names an account, a meter or a case.
                    Assert.True(targets.Length == 1 || !path.Contains("{id}", StringComparison.Ordinal) || IsNobodys(path) || allowed is ["ACC-OWN"],
                        $"{method} {path}: {name} reached {string.Join(", ", allowed)}");
                    may.Add(targets.Length == 2 && allowed is ["ACC-OWN"] ? $"{name}:own" : name);
                }
            }

            table.Append(method).Append(' ').Append(path).Append(": ").AppendJoin(' ', may).Append('\n');
        }

        Array.ForEach(callers, c => c.Http.Dispose());
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "access.txt"), table.ToString());
        }

        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", "access.txt");
        Assert.True(File.Exists(golden),
            "Golden/access.txt is missing: run once with ACCOUNTGRID_WRITE_GOLDEN=tests/AccountGrid.Host.Tests/Golden and read every line.");
        Assert.Equal(await File.ReadAllTextAsync(golden), table.ToString());
    }

    [Fact]
    public async Task A_customers_token_is_good_for_an_hour_for_one_account_and_no_longer_than_its_key()
    {
        await OpenAsync("TOK-1", "north", "mia");
        var client = await KeyAsync(new CreateKeyRequest("client", "web"));
        Assert.Equal(200, await StatusAsync(Token(client, "TOK-1"), "/v1/accounts/TOK-1/balance"));
        Assert.Equal(403, await StatusAsync(Token(client, "TOK-1"), "/v1/accounts/ACC-OWN/balance"));
        Assert.Equal(403, await StatusAsync(Token(client, "TOK-1"), "/v1/tariffs"));
        Assert.Equal(401, await StatusAsync(Token(client, "TOK-1", minutes: -5), "/v1/accounts/TOK-1/balance"));
        Assert.Equal(401, await StatusAsync(Token(client, "TOK-1", minutes: 120), "/v1/accounts/TOK-1/balance"));
        Assert.Equal(401, await StatusAsync(Token(client, "TOK-1", audience: "elsewhere"), "/v1/accounts/TOK-1/balance"));
        Assert.Equal(401, await StatusAsync(Token(client, "TOK-1", beginsInMinutes: 5), "/v1/accounts/TOK-1/balance"));
        Assert.Equal(401,
            await StatusAsync(Token(client, "TOK-1", header: new() { ["crit"] = new[] { "b64" }, ["b64"] = false }), "/v1/accounts/TOK-1/balance"));

        // What the database keeps of the key signs nothing.
        Assert.Equal(401,
            await StatusAsync(Token(client, "TOK-1", signing: System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(client.Split('_')[2]))),
                "/v1/accounts/TOK-1/balance"));
        Assert.Equal(401, await StatusAsync(Token(client[..^1] + (client[^1] == '0' ? '1' : '0'), "TOK-1"), "/v1/accounts/TOK-1/balance"));
        var unsigned = Token(client, "TOK-1").Split('.');
        Assert.Equal(401, await StatusAsync($"{Base64UrlEncoder.Encode("{\"alg\":\"none\"}")}.{unsigned[1]}.", "/v1/accounts/TOK-1/balance"));

        // Only a client's key may sign.
        Assert.Equal(401, await StatusAsync(Token(await KeyAsync(new CreateKeyRequest("auditor", "a")), "TOK-1"), "/v1/accounts/TOK-1/balance"));
        Assert.Equal(204, (await grid.SendAsync(HttpMethod.Delete, $"/v1/keys/{client.Split('_')[1]}")).Status);
        Assert.Equal(401, await StatusAsync(Token(client, "TOK-1"), "/v1/accounts/TOK-1/balance"));
    }

    [Fact]
    public async Task Who_has_a_meter_now_does_not_see_the_days_of_who_had_it_before()
    {
        await OpenAsync("TEN-OLD", "north", "mia");
        await OpenAsync("TEN-NEW", "south", "noah");
        var client = await KeyAsync(new CreateKeyRequest("client", "web"));
        await grid.PushAsync(("TEN-OLD", "2026-03-01T06:00:00+08:00", 600), ("TEN-OLD", "2026-03-02T06:00:00+08:00", 3_000));
        var move = new AssignMeterRequest("TEN-NEW", DateTimeOffset.Parse("2026-03-02T12:00:00+08:00", null), 3_600);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/meters/TEN-OLD/assignments", move)).Status);
        await grid.PushAsync(("TEN-OLD", "2026-03-02T18:00:00+08:00", 4_000));
        await grid.BalanceAsync("TEN-NEW", "-0.200000000");
        Assert.Equal(3, (await grid.Admin.ListAsync<ExplainDay>("/v1/meters/TEN-OLD/days")).Count);
        foreach (var key in new[] { Token(client, "TEN-NEW"), await KeyAsync(new CreateKeyRequest("account-manager", "m", Manager: "noah")),
            await KeyAsync(new CreateKeyRequest("collector", "c", Area: "south")) })
        {
            using var http = grid.WithKey(key);
            var day = Assert.Single((await http.GetFromJsonAsync<Page<ExplainDay>>("/v1/meters/TEN-OLD/days"))!.Data);
            Assert.Equal(("2026-03-02", 400L), (day.Day, day.ByRate["flat"]));
            Assert.Equal([4_000L], day.Readings.Select(r => r.RegisterWh));
        }

        // The one who left reads the own time with the own account, and of the meter nothing more.
        using var former = grid.WithKey(Token(client, "TEN-OLD"));
        Assert.Equal(3_600, (await former.GetFromJsonAsync<ExplainAnswer>("/v1/accounts/TEN-OLD/explain"))!.Days.Sum(d => d.ByRate.Values.Sum()));
        Assert.Equal(403, (await grid.SendAsync(HttpMethod.Get, "/v1/meters/TEN-OLD/days", http: former)).Status);
        Assert.Equal(403, (await grid.SendAsync(HttpMethod.Get, "/v1/meters/TEN-OLD", http: former)).Status);
    }

    [Fact]
    public async Task Numbers_and_addresses_are_sealed_masked_exported_and_erased()
    {
        await OpenAsync("PER-1", "north", "mia");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, "/v1/accounts/PER-1/customer", new CustomerRequest("cn-residential"))).Status);
        const string Phone = "13812345678";
        await PutContactAsync("PER-1", "north", "mia", new ContactChannel("sms", Phone), new ContactChannel("email", "lin@example.org"));
        await using (var find =
            grid.Database.CreateCommand(
                "select count(*)::int from contact c join account a on a.number = c.account where a.id = 'PER-1' and (c.channels::text like '%' || $1 || '%' "
                    + "or c.channels::text like '%lin@%')"))
        {
            find.Parameters.Add(new() { Value = Phone });
            Assert.Equal(0, (int)(await find.ExecuteScalarAsync())!);
        }

        using var auditor = grid.WithKey(await KeyAsync(new CreateKeyRequest("auditor", "a")));
        using var manager = grid.WithKey(await KeyAsync(new CreateKeyRequest("account-manager", "m", Manager: "mia")));
        Assert.Equal(["138****5678", "l***@example.org"],
            (await auditor.GetFromJsonAsync<CustomerAnswer>("/v1/accounts/PER-1/customer"))!.Contact!.Channels.Select(c => c.To));
        Assert.Equal([Phone, "lin@example.org"],
            (await manager.GetFromJsonAsync<CustomerAnswer>("/v1/accounts/PER-1/customer"))!.Contact!.Channels.Select(c => c.To));

        var exported = await grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/PER-1/personal-data");
        Assert.Equal(Phone, exported.Contact!.Channels[0].To);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Delete, "/v1/accounts/PER-1/personal-data")).Status);
        Assert.Empty((await grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/PER-1/personal-data")).Contact!.Channels);
        Assert.Equal("0.000000000", (await grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/PER-1/balance")).Amount);
    }

    [Fact]
    public void A_seal_opens_with_its_key_only_and_shows_any_change()
    {
        string Key(byte b) => Convert.ToBase64String(Enumerable.Repeat(b, 32).ToArray());
        var old = PersonalData.Open(new SecurityOptions { PersonalDataKey = Key(1) }, null!);
        var rotated = PersonalData.Open(new SecurityOptions { PersonalDataKey = $"{Key(2)} {Key(1)}" }, null!);
        var text = old.Seal("13812345678");
        Assert.NotEqual(text, old.Seal("13812345678"));
        Assert.Equal("13812345678", rotated.Unseal(text));
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => old.Unseal(rotated.Seal("x")));
        var bytes = Convert.FromBase64String(text["sealed:".Length..]);
        bytes[^1] ^= 1;
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => old.Unseal("sealed:" + Convert.ToBase64String(bytes)));
        Assert.Throws<StartException>(() => PersonalData.Open(new SecurityOptions { PersonalDataKey = "short" }, null!));
        Assert.Equal("", old.Unseal(""));
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => old.Unseal("13812345678"));
    }

    [Fact]
    public async Task Who_did_what_is_chained_and_the_audit_names_what_was_changed_or_is_missing()
    {
        await OpenAsync("AUD-1", "north", "mia");
        using var manager = grid.WithKey(await KeyAsync(new CreateKeyRequest("account-manager", "Mia", Manager: "mia")));
        using var auditor = grid.WithKey(await KeyAsync(new CreateKeyRequest("auditor", "a")));
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, "/v1/accounts/AUD-1/customer", new CustomerRequest("cn-residential"))).Status);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/AUD-1/holds", new HoldRequest("manual", "away"), http: manager)).Status);
        Assert.Equal(422, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/AUD-1/holds", new HoldRequest("whim", "why"), http: manager)).Status);
        var rows = await Testing.Eventually.GetAsync(async () => (await auditor.GetFromJsonAsync<Page<AuditedAnswer>>("/v1/accounts/AUD-1/audit"))!.Data,
            l => l.All(r => r.Status is not null), "The answers of all rows");
        Assert.Equal([4, 3, 2, 1], rows.Select(r => r.Sequence));
        Assert.Equal((422, 200), (rows[0].Status, rows[1].Status));
        Assert.Equal("Mia", rows[1].Name);
        Assert.Matches("^key [0-9a-f]{16}$", rows[1].Person);
        Assert.Equal(("AccountManager", "POST", "/v1/accounts/AUD-1/holds"), (rows[1].Role, rows[1].Method, rows[1].Path));
        Assert.Empty(await TrailCheck.RunAsync(grid.Database));

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync("update audit_trail set person = 'nobody' where account = 'AUD-1' and sequence = 3"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync("delete from entry"));
        await using var connection = await grid.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, transaction, "alter table audit_trail disable trigger audit_trail_is_append_only");
        await ExecuteAsync(connection, transaction, "update audit_trail set person = 'nobody' where account = 'AUD-1' and sequence = 3");
        Assert.Equal(["Audit trail of 'AUD-1': row 3 was changed."], await TrailCheck.RunAsync(connection, transaction, null));
        await ExecuteAsync(connection, transaction, "delete from audit_trail where account = 'AUD-1' and sequence = 3");
        Assert.Contains("Audit trail of 'AUD-1': row 3 is missing.", await TrailCheck.RunAsync(connection, transaction, null));
        await ExecuteAsync(connection, transaction, "delete from audit_trail where account = 'AUD-1' and sequence = 4");
        Assert.Contains("Audit trail of 'AUD-1': row 4 is missing.", await TrailCheck.RunAsync(connection, transaction, null));
        await transaction.RollbackAsync();
    }

    private string Token(string clientKey, string account, int minutes = 10, string audience = CustomerTokens.Audience, byte[]? signing = null,
        Dictionary<string, object>? header = null, int beginsInMinutes = -10)
    {
        var parts = clientKey.Split('_');
        var key = new SymmetricSecurityKey(signing ?? CustomerTokens.KeyFrom(parts[2]));
        // By the grid's clock, which other tests move.
        var now = grid.Time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = $"agk:{parts[1]}",
            Audience = audience,
            Subject = new ClaimsIdentity([new Claim("sub", account)]),
            AdditionalHeaderClaims = header,
            NotBefore = now.AddMinutes(Math.Min(minutes - 1, beginsInMinutes)),
            Expires = now.AddMinutes(minutes),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
    }

    private static string TypeOf(string path) => path switch
    {
        "/v1/registrations" => "application/x-ndjson",
        "/v1/assignments" => "text/csv",
        _ => "application/json",
    };

    /// <summary>Whoever shows no key hears 401 where one is needed; nobody else does.</summary>
    private static bool IsAnswer(string caller, int status) => (status != 401 || caller == "anonymous") && status < 500;

    private static bool IsNobodys(string path) =>
        path.StartsWith("/v1/tariffs", StringComparison.Ordinal) || path.StartsWith("/v1/policies", StringComparison.Ordinal)
        || path.StartsWith("/v1/price-series", StringComparison.Ordinal);

    private string Fill(string path, string target)
    {
        var filled = path.Replace("/v1/cases/{id}", $"/v1/cases/{_cases.GetValueOrDefault(target, "0:contact:1")}", StringComparison.Ordinal)
            .Replace("{partition}", "0", StringComparison.Ordinal).Replace("{position}", "999999", StringComparison.Ordinal)
            .Replace("{sequence}", "1", StringComparison.Ordinal).Replace("/v1/approvals/{id}", $"/v1/approvals/{Guid.Empty}", StringComparison.Ordinal)
            .Replace("/v1/tariff-corrections/{id}", $"/v1/tariff-corrections/{Guid.Empty}", StringComparison.Ordinal)
            .Replace("/v1/price-corrections/{id}", $"/v1/price-corrections/{Guid.Empty}", StringComparison.Ordinal)
            .Replace("{month}", "2026-01", StringComparison.Ordinal).Replace("{kind}", "manual", StringComparison.Ordinal)
            .Replace("{webhook}", $"{Guid.Empty}", StringComparison.Ordinal);
        return filled.Replace("{id}", target, StringComparison.Ordinal).Replace("{account}", target, StringComparison.Ordinal);
    }

    private async Task OpenAsync(string id, string area, string manager)
    {
        await grid.OpenAsync(id);
        await PutContactAsync(id, area, manager);
        await using var add = grid.Database.CreateCommand(
            """
            insert into work_case (id, account, partition, position, kind, created_ms, due_day, due_at, zone, sort_key, amount_nano, policy, state, outcome)
            select number || ':contact:1', number, partition, 0, 'contact', 0, '2026-01-01', '2026-01-01', 'UTC', 0, 0, 'none', 'closed', 'a test'
              from account where id = $1
              on conflict do nothing returning id
            """);
        add.Parameters.Add(new() { Value = id });
        _cases[id] = Assert.IsType<string>(await add.ExecuteScalarAsync());
    }

    /// <summary>An account, and a registered customer of the same id in the same area, with the manager and without accounts.</summary>
    private async Task RegisterAsync(string id, string area, string manager)
    {
        await OpenAsync(id, area, manager);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/areas/{area}", new AreaRequest(area, "Asia/Shanghai"))).Status);
        var profile = new CustomerProfileRequest("Customer 1", "business", "large", id, area);
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        var today = DateOnly.FromDateTime(grid.Time.GetUtcNow().UtcDateTime.AddHours(8));
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/customers/{id}/manager", new AssignmentRequest(manager, today))).Status);
    }

    private async Task PutContactAsync(string id, string area, string manager, params ContactChannel[] channels) =>
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact", new ContactRequest("en", channels, area, manager))).Status);

    private async Task<string> KeyAsync(CreateKeyRequest request) => (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key;

    private async Task<int> StatusAsync(string key, string path)
    {
        using var http = grid.WithKey(key);
        return (await grid.SendAsync(HttpMethod.Get, path, http: http)).Status;
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ExecuteAsync(Npgsql.NpgsqlConnection connection, Npgsql.NpgsqlTransaction transaction, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
    }
}
