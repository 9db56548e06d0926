using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Database;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests;

/// <summary>
/// Somebody who may do everything in the database changes it; the audit names what was changed. A grid of its own: others' audits must not see it.
/// </summary>
public sealed class AuditTamperingTests : IAsyncLifetime
{
    private readonly GridFixture _grid = new();

    public ValueTask InitializeAsync() => _grid.InitializeAsync();

    public ValueTask DisposeAsync() => _grid.DisposeAsync();

    [Fact]
    public async Task Whatever_is_changed_in_the_database_the_audit_names_it()
    {
        await PrepareAsync();
        Assert.Empty(await AuditAsync());

        // The trail: rows at a chain's end go with the head that tells of them, or the whole chain does.
        await TamperAsync(
            "Audit trail of 'TAMPER': row", "recorded outside the database",
            "delete from audit_trail where account = $1 and sequence = (select sequence from audit_head where account = $1)",
            "update audit_head h set (sequence, hash) = (select sequence, hash from audit_trail t where t.account = $1 order by sequence desc limit 1) where "
                + "account = $1");
        await TamperAsync("Audit trail of 'TAMPER': row", "recorded outside the database", "delete from audit_trail where account = $1",
            "delete from audit_head where account = $1");
        await TamperAsync(
            "Audit trail of 'TAMPER': row", "is not the one that was recorded outside the database",
            "update audit_trail set person = 'key 0000000000000000' where account = $1 and sequence = (select sequence from audit_head where account = $1)",
            """
            update audit_trail t set hash = audit_hash(coalesce((select hash from audit_trail b where b.account = $1 and b.sequence = t.sequence - 1),
              ''::bytea), account, sequence, at, person, name, role, method, path, body_hash, trace)
            where account = $1 and sequence = (select sequence from audit_head where account = $1)
            """,
            "update audit_head h set hash = (select hash from audit_trail t where t.account = $1 and t.sequence = h.sequence) where account = $1");
        await TamperAsync("Audit trail of 'TAMPER': the answer of row", "was changed",
            "update audit_outcome set status = 404 where account = $1 and sequence = 2");

        // The ledger: a pair of entries whose sum stays, what an entry is and when it was, whose it is.
        await TamperAsync("must have amount", "by the log but has",
            "update entry set amount_nano = amount_nano + case when amount_nano = 7000000000 then 1 else -1 end where account = $2 and amount_nano in "
                + "(7000000000, 9000000000)");
        await TamperAsync(
            "must have amount", "by the log but has",
            "update entry set amount_nano = amount_nano + case when amount_nano = 7000000000 then 1 else -1 end, balance_nano = balance_nano + case when "
                + "amount_nano = 7000000000 then 1 else 0 end where account = $2 and amount_nano in (7000000000, 9000000000)");
        await TamperAsync("must have kind 'payment'", "has 'compensation'",
            "update entry set kind = 'compensation' where account = $2 and amount_nano = 7000000000");
        await TamperAsync("must have time", "by the log but has", "update entry set at_ms = at_ms - 86400000 where account = $2 and amount_nano = 7000000000");
        await TamperAsync("must have reference 'bank 7'", "has 'bank 8'",
            "update entry set reference = 'bank 8' where account = $2 and amount_nano = 7000000000");
        await TamperAsync("must have account", "by the log but has",
            "update entry set account = (select number from account where id = 'OTHER') where account = $2 and amount_nano = 7000000000");

        // Events.
        await TamperAsync("comes from no command of the log", "",
            "delete from command_outcome where position = (select position from entry where account = $2 and amount_nano = 7000000000) and partition = "
                + "(select partition from account where number = $2)");
        await TamperAsync("is missing: time", "hold-placed", "delete from account_event where account = $2 and event->>'type' = 'hold-placed'");
        await TamperAsync("must have event", "'{\"type\":\"hold-placed\"",
            "update account_event set event = jsonb_set(event, '{reason}', '\"another\"') where account = $2 and event->>'type' = 'hold-placed'");

        // What two people decided.
        await TamperAsync("is not what was carried out for it", "approval", "update approval set body = replace(body, '2000', '1001') where account = $1");
        await TamperAsync("agreed, but no approval does", "says that key", "delete from approval where account = $1");
        await TamperAsync("is not what was carried out for it", "approval", "update approval set answered_by = 'key 0000000000000000' where account = $1");
        await TamperAsync("that key 0000000000000000 asked for it is not in the audit trail", "approval",
            "update approval set asked_by = 'key 0000000000000000' where account = $1");
        Assert.Empty(await AuditAsync());
    }

    /// <summary>
    /// What was written about a person goes, wherever it stands; figures and persons who decided stay, and the audit knows it from tampering.
    /// </summary>
    [Fact]
    public async Task Texts_about_a_customer_are_exported_and_erased_and_the_books_hold()
    {
        await PrepareAsync();
        foreach (var (method, path, body) in new (HttpMethod, string, object)[]
        {
            (HttpMethod.Post, "/announcements", new AnnounceRequest("secret announced", _grid.Time.GetUtcNow().AddHours(1))),
            (HttpMethod.Post, "/contacts", new ContactMadeRequest("call", "reached", null, "secret note")),
            (HttpMethod.Delete, "/holds/manual?reason=secret%20lifted", null!),
        })
        {
            var (status, answer) = await _grid.SendAsync(method, $"/v1/accounts/TAMPER{path}", body);
            Assert.True(status == 200, $"{path}: {answer}");
        }

        foreach (var (path, body) in new (string, object)[]
        {
            ("payments", new PaymentRequest("1", Reference: "secret paid")), ("refunds", new RefundRequest("1", "secret refund")),
            ("adjustments", new AdjustmentRequest("1", "secret adjusted")), ("mode", new ModeRequest("postpaid", "secret form")),
        })
        {
            Assert.InRange((await _grid.SendAsync(HttpMethod.Post, $"/v1/accounts/TAMPER/{path}", body, $"secret-{path}")).Status, 200, 202);
        }

        var texts = (await _grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/TAMPER/personal-data")).Texts;
        Assert.Empty(
            new[] { "bank 7", "away", "goodwill", "secret announced", "secret note", "secret lifted", "secret paid", "secret refund", "secret adjusted",
                "secret form" }.Except(texts.Select(t => t.Text)));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync("update entry set reference = '[erased]'"));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Delete, "/v1/accounts/TAMPER/personal-data")).Status);
        Assert.All((await _grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/TAMPER/personal-data")).Texts, t => Assert.Equal(Erasure.Erased, t.Text));

        // No column of the database has them still but the log's, which is trimmed, and the state of a payment that is waited for.
        await using var columns =
            _grid.Database.CreateCommand(
                "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and data_type in ('text', 'jsonb') "
                    + "and table_name not like 'pg_%'");
        var found = new List<string>();
        await using (var reader = await columns.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                found.Add(reader.GetString(0));
            }
        }

        foreach (var column in found.Where(c => c != "log_key.key"))
        {
            var parts = column.Split('.');
            await using var count = _grid.Database.CreateCommand($"select count(*)::int from {parts[0]} where {parts[1]}::text like '%secret%'");
            Assert.True((int)(await count.ExecuteScalarAsync())! == 0, $"{column} still has a text that was erased.");
        }

        Assert.Empty(await AuditAsync());

        // Nothing but texts can be changed that way, and what is erased where nobody asked for it is found out.
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync("set local accountgrid.erasing = 'on'", "update entry set amount_nano = 1"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => SqlAsync("set local accountgrid.erasing = 'on'", "update entry set reference = 'another' where reference is not null"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync("set local accountgrid.erasing = 'on'", "update account_event set event = '{}'"));
        await SqlAsync("set local accountgrid.erasing = 'on'", "update account_event set event = erased(event) where event->>'type' = 'payment-taken'");
        Assert.Empty(await AuditAsIsAsync());
    }

    /// <summary>The database and the program take the same members for texts: those of every event that there is.</summary>
    [Fact]
    public async Task Database_and_program_erase_the_same_of_every_event()
    {
        foreach (var type in typeof(Domain.Events.AccountEvent).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), false)
            .Cast<System.Text.Json.Serialization.JsonDerivedTypeAttribute>())
        {
            var members = type.DerivedType.GetProperties().Where(p => p.PropertyType == typeof(string))
                .Select(p => $"\"{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(p.Name)}\":\"x\"");
            var json = $"{{{string.Join(',', members.Prepend($"\"type\":\"{type.TypeDiscriminator}\""))}}}";
            await using var command = _grid.Database.CreateCommand("select erased($1::text::jsonb)::text");
            command.Parameters.Add(new() { Value = json });
            var erased = System.Text.Json.Nodes.JsonNode.Parse((string)(await command.ExecuteScalarAsync())!);
            Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(Erasure.Of(json)), erased),
                $"{type.TypeDiscriminator}: {erased} but {Erasure.Of(json)}");
        }
    }

    /// <summary>Files of heads: a line that was changed, taken out, or comes from elsewhere.</summary>
    [Fact]
    public void A_file_of_heads_says_what_was_done_to_it()
    {
        var (key, grid) = (TrailHeadsFile.KeyOf(new GridSecret(new byte[32])), Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"));
        var lines = new List<string>();
        for (var i = 1; i <= 4; i++)
        {
            lines.Add(
                TrailHeadsFile.Line(key, DateTimeOffset.UnixEpoch.AddHours(i), grid, lines.Count == 0 ? "" : TrailHeadsFile.MacOfLine(lines[^1]),
                    [new TrailHead("户\"A", i, "00ff")]));
        }

        var (heads, differences) = TrailHeadsFile.Read(key, grid, "f", lines);
        Assert.Empty(differences);
        Assert.Equal(new TrailHead("户\"A", 4, "00ff"), heads[^1]);
        Assert.Empty(TrailHeadsFile.Read(key, grid, "f", lines.Skip(1)).Differences);
        Assert.Equal(["f, line 2: lines before it are missing."], TrailHeadsFile.Read(key, grid, "f", [lines[0], lines[2]]).Differences);
        Assert.Equal(["f, line 2: it was changed, or another grid wrote it."],
            TrailHeadsFile.Read(key, grid, "f", [lines[0], lines[1].Replace("00ff", "00fe", StringComparison.Ordinal), lines[2]]).Differences);
        Assert.Equal(["f, line 1: it was changed, or another grid wrote it."],
            TrailHeadsFile.Read(TrailHeadsFile.KeyOf(new GridSecret([1])), grid, "f", [lines[0]]).Differences);
        Assert.Equal(["f, line 1: it is of another grid."], TrailHeadsFile.Read(key, Guid.Empty, "f", [lines[0]]).Differences);
        Assert.Equal(["f, line 1: it was changed, or another grid wrote it."], TrailHeadsFile.Read(key, grid, "f", ["no JSON"]).Differences);
    }

    /// <summary>
    /// A process that starts again goes on with its file, records what the one before it had not, and cuts off what it had left half written.
    /// </summary>
    [Fact]
    public async Task A_process_that_starts_again_goes_on_with_its_file_of_heads()
    {
        await PrepareAsync();
        await AuditAsync();
        var services = _grid.Host.Services;
        var folder = Directory.CreateTempSubdirectory("heads-");
        var path = Path.Combine(folder.FullName, TrailHeadsFile.Name);
        File.Copy(services.GetRequiredService<DataFolder>().In(TrailHeadsFile.Name), path);
        var lines = await File.ReadAllLinesAsync(path);
        await File.AppendAllTextAsync(path, lines[^1][..40]);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/TAMPER/holds", new HoldRequest("manual", "again"))).Status);
        using (var next = new TrailHeads(
            _grid.Database, services.GetRequiredService<GridSecret>(), new DataFolder(folder.FullName),
            new Notices.WebhookHeads(new Notices.NoticeOptions(), _grid.Time), _grid.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<TrailHeads>.Instance))
        {
            await next.RecordAsync(default);
        }

        var after = await File.ReadAllLinesAsync(path);
        Assert.Equal(lines, after.Take(lines.Length));
        Assert.True(after.Length > lines.Length);
        await using var identify = _grid.Database.CreateCommand("select id from grid");
        var (heads, differences) =
            TrailHeadsFile.Read(TrailHeadsFile.KeyOf(services.GetRequiredService<GridSecret>()), (Guid)(await identify.ExecuteScalarAsync())!, "f", after);
        Assert.Empty(differences);
        await using var last = _grid.Database.CreateCommand("select sequence from audit_head where account = 'TAMPER'");
        Assert.Equal((long)(await last.ExecuteScalarAsync())!, heads.Where(h => h.Account == "TAMPER").Max(h => h.Sequence));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_companys_webhook_gets_the_heads_signed_and_as_they_stand_in_the_file()
    {
        const string Secret = "whsec_ZmF1bHQgaGFybmVzcyBzZWNyZXQgb2YgMzIgYnl0ZXM=";
        var received = new List<(string Id, string Timestamp, string Signature, byte[] Body)>();
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder();
        Microsoft.AspNetCore.Hosting.HostingAbstractionsWebHostBuilderExtensions.UseUrls(builder.WebHost, "http://127.0.0.1:0");
        await using var receiver = builder.Build();
        Microsoft.AspNetCore.Builder.RunExtensions.Run(receiver, async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.Add(
                (http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-timestamp"].ToString(),
                    http.Request.Headers["webhook-signature"].ToString(), body.ToArray()));
        });
        await receiver.StartAsync();
        var services = _grid.Host.Services;
        var folder = Directory.CreateTempSubdirectory("heads-");
        var options = new Notices.NoticeOptions { Webhook = new() { Url = receiver.Urls.First(), Secret = Secret, AllowPrivate = true } };
        using var webhook = new Notices.WebhookHeads(options, _grid.Time);
        using (var heads = new TrailHeads(_grid.Database, services.GetRequiredService<GridSecret>(), new DataFolder(folder.FullName), webhook, _grid.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<TrailHeads>.Instance))
        {
            await heads.RecordAsync(default);
            await heads.SendAsync(default);
            await heads.SendAsync(default);
        }

        var (id, timestamp, signature, sent) = Assert.Single(received);
        Assert.Equal(WebhookSignature.Of(Secret, id, timestamp, sent), signature);
        using var json = System.Text.Json.JsonDocument.Parse(sent);
        Assert.Equal("accountgrid.audit.heads", json.RootElement.GetProperty("type").GetString());
        Assert.Equal(Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder.FullName, TrailHeadsFile.Name))),
            json.RootElement.GetProperty("data").GetRawText());
        folder.Delete(recursive: true);
    }

    private async Task PrepareAsync()
    {
        await _grid.OpenAsync("TAMPER");
        await _grid.OpenAsync("OTHER");
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/TAMPER/payments", new PaymentRequest("7", Reference: "bank 7"), "t7")).Status);
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/TAMPER/payments", new PaymentRequest("9"), "t9")).Status);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/accounts/TAMPER/customer", new CustomerRequest("cn-residential"))).Status);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/TAMPER/holds", new HoldRequest("manual", "away"))).Status);
        var (status, asked) = await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/TAMPER/adjustments", new AdjustmentRequest("2000", "goodwill"), "t2000");
        Assert.Equal(202, status);
        using var second = _grid.WithKey((await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("administrator", "second"))).Key);
        Assert.Equal(200,
            (await _grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked.GetProperty("approval").GetString()}",
                new ApprovalDecision(true, asked.GetProperty("hash").GetString()!), http: second)).Status);
        await _grid.BalanceAsync("TAMPER", "2016.");
    }

    /// <summary>What was added to the trail is recorded outside at once, and then all is audited.</summary>
    private async Task<List<string>> AuditAsync()
    {
        await _grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var services = _grid.Host.Services;
        await services.GetRequiredService<TrailHeads>().RecordAsync(default);
        return await AuditAsIsAsync();
    }

    private async Task<List<string>> AuditAsIsAsync()
    {
        var services = _grid.Host.Services;
        await using var identify = _grid.Database.CreateCommand("select id from grid");
        var witness = AuditWitness.Read(services.GetRequiredService<GridSecret>(), (Guid)(await identify.ExecuteScalarAsync())!,
            [services.GetRequiredService<DataFolder>().In(TrailHeadsFile.Name)]);
        Assert.NotEmpty(witness.Heads);
        return (await new Auditor(services.GetRequiredService<LogServers>(), witness).RunAsync()).Differences;
    }

    /// <summary>Changes, audits, and puts back what was there of the account.</summary>
    /// <param name="statements">$1 is the account's id, $2 its number.</param>
    private async Task TamperAsync(string says, string andSays, params string[] statements)
    {
        const string Mine = "(select number from account where id = 'TAMPER')";
        (string Table, string Of)[] tables =
        [
            ("audit_trail", "account = 'TAMPER'"), ("audit_head", "account = 'TAMPER'"), ("audit_outcome", "account = 'TAMPER'"),
            ("approval", "account = 'TAMPER'"),
            ("entry", $"account in (select number from account where id in ('TAMPER', 'OTHER'))"), ("account_event", $"account = {Mine}"),
            ("command_outcome", $"partition = (select partition from account where id = 'TAMPER')"),
        ];
        await SqlAsync([.. tables.Select(t => $"create table kept_{t.Table} as select * from {t.Table} where {t.Of}")]);
        await SqlAsync(
            [.. Open(true), .. statements.Select(s => s.Replace("$1", "'TAMPER'", StringComparison.Ordinal).Replace("$2", Mine, StringComparison.Ordinal)),
                .. Open(false)]);
        var found = await AuditAsIsAsync();
        await SqlAsync(
            [.. Open(true),
                .. tables.SelectMany(
                    t => new[] { $"delete from {t.Table} where {t.Of}", $"insert into {t.Table} select * from kept_{t.Table}", $"drop table kept_{t.Table}" }),
                    .. Open(false)]);
        Assert.Contains(found, d => d.Contains(says, StringComparison.Ordinal) && d.Contains(andSays, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Open(bool isOpen) =>
        new[] { "entry", "account_event", "audit_trail", "audit_outcome" }.Select(t => $"alter table {t} {(isOpen ? "disable" : "enable")} trigger user");

    private async Task SqlAsync(params string[] statements)
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var text = new StringBuilder().AppendJoin(";\n", statements).ToString();
        await using var command = new Npgsql.NpgsqlCommand(text, connection, transaction);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
