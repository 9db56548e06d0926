using AccountGrid.Contracts;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>Days that close and open, meters that move, partitions that are taken, records that cannot be folded: through the real parts.</summary>
public sealed class LifecycleTests(GridFixture grid)
{
    [Fact]
    public async Task A_day_closes_after_its_grace_and_late_data_makes_a_correction()
    {
        await grid.OpenAsync("DAY1", from: Local(-5));
        await grid.PushAsync(("DAY1", Local(-4), 24_000), ("DAY1", Local(-3), 48_000));
        await grid.BalanceAsync("DAY1", "-24.000000000");
        grid.Time.Shift(TimeSpan.FromMinutes(30));
        var page = await EntriesAsync("DAY1", p => p.Data.Count == 2);
        Assert.All(page.Data, e => Assert.Equal(("charge", "-12.000000000"), (e.Kind, e.Amount)));
        Assert.Equal("-24.000000000", page.Data[0].LedgerBalance);

        // A value between two known ones moves energy from one hour to another, and here from one day to the other.
        var (status, _) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", new System.Net.Http.StringContent(
            $"{{\"meter\":\"DAY1\",\"ts\":\"{Local(-4)}\",\"value\":20000,\"rev\":1}}\n{{\"meter\":\"DAY1\",\"ts\":\"{Local(-4.5)}\",\"value\":9000}}",
            System.Text.Encoding.UTF8, "application/x-ndjson"));
        Assert.Equal(200, status);
        await Eventually.GetAsync(
            () => grid.Admin.ListAsync<ExplainDay>("/v1/meters/DAY1/days"),
            d => d.Count == 2 && d[0].ByRate["flat"] == 20_000 && d[1].ByRate["flat"] == 28_000, "The days after the late data");
        await grid.BalanceAsync("DAY1", "-24.000000000");
        grid.Time.Shift(TimeSpan.FromMinutes(30));
        page = await EntriesAsync("DAY1", p => p.Data.Count == 4);
        Assert.Equal(["correction", "correction"], page.Data.Take(2).Select(e => e.Kind));
        Assert.Equal(["-2.000000000", "2.000000000"], page.Data.Take(2).Select(e => e.Amount).Order(StringComparer.Ordinal));
        Assert.All(page.Data.Take(2), e => Assert.Contains(page.Data.Skip(2), c => c.Id.StartsWith(e.Corrects + "-", StringComparison.Ordinal)));
        var days = await grid.Admin.ListAsync<ExplainDay>("/v1/meters/DAY1/days");
        Assert.Equal(3, days.Sum(d => d.Readings.Count));
        await grid.AssertAuditAsync();
    }

    /// <summary>More than an amount can be is paid and charged, the balance stays small: answers, explanation and audit have the sums whole.</summary>
    [Fact]
    public async Task A_lifes_sums_beyond_an_amount_are_shown_and_audited()
    {
        await grid.Admin.RegisterAsync("/v1/tariffs", GridFixture.Flat() with { Id = "large", Rates = [new("flat", "10000")] });
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("LARGE", "large", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest("LARGE", "G1", "LARGE", DateTimeOffset.Parse(Local(-9), System.Globalization.CultureInfo.InvariantCulture), 0));
        for (var i = 1; i <= 12; i++)
        {
            Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/LARGE/payments", new PaymentRequest("900000000"), $"large-{i}")).Status);
            await grid.PushAsync(("LARGE", Local(-9 + (i / 4d)), i * 90_000_000L));
            if (i == 6)
            {
                await grid.BalanceAsync("LARGE", "0.000000000");
                grid.Time.Shift(TimeSpan.FromMinutes(30));
                await EntriesAsync("LARGE", p => p.Data.Count(e => e.Kind == "charge") == 2);
            }
        }

        await grid.BalanceAsync("LARGE", "0.000000000");
        grid.Time.Shift(TimeSpan.FromMinutes(30));
        await EntriesAsync("LARGE",
            p => p.Data.Sum(e => e.Kind != "payment" ? decimal.Parse(e.Amount, System.Globalization.CultureInfo.InvariantCulture) : 0) == -10_800_000_000m);
        var account = await grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/LARGE");
        Assert.Equal(("10800000000.000000000", "10800000000.000000000"), (account.Credit, account.Charged));
        Assert.Equal("10800000000.000000000", Assert.Single(account.Periods).Charge);
        Assert.True((await grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/LARGE/explain")).Agrees);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task An_account_is_closed_on_the_day_that_is_named_and_pays_standing_charges_through_it()
    {
        await grid.Admin.RegisterAsync("/v1/tariffs", GridFixture.Flat() with { Id = "last-day", StandingPerDay = "1" });
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("LAST-1", "last-day", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("LAST-2", "last-day", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest("LAST", "G1", "LAST-1", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8))));
        Assert.Equal((409, "account.has_meters"), await CloseAsync(new DateOnly(2026, 3, 4)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters/LAST/assignments",
            new AssignMeterRequest("LAST-2", new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.FromHours(8)), 0));
        Assert.Equal((422, "close.day_invalid"), await CloseAsync(new DateOnly(2026, 3, 3)));
        Assert.Equal((422, "close.day_invalid"), await CloseAsync(DateOnly.FromDateTime(grid.Time.GetUtcNow().UtcDateTime).AddDays(2)));
        Assert.Equal((200, null), await CloseAsync(new DateOnly(2026, 3, 4)));
        Assert.Equal((409, "account.closed"), await CloseAsync(new DateOnly(2026, 3, 4)));
        Assert.False((await grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/LAST-1")).Open);
        await grid.BalanceAsync("LAST-1", "-4.000000000");

        async Task<(int, string?)> CloseAsync(DateOnly lastDay)
        {
            var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/LAST-1/close", new CloseAccountRequest("moved out", lastDay));
            return (status, body.TryGetProperty("code", out var code) ? code.GetString() : null);
        }
    }

    [Fact]
    public async Task A_meter_moves_to_an_account_in_another_partition()
    {
        await grid.OpenAsync("MOVE1");
        var other = Enumerable.Range(0, 100).Select(i => $"MOVE2-{i}").First(id => PartitionOf(id) != PartitionOf("MOVE1"));
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(other, "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.PushAsync(("MOVE1", "2026-03-01T01:00:00+08:00", 1_000), ("MOVE1", "2026-03-01T03:00:00+08:00", 3_000));
        Assert.Empty(await MetersAsync(other));
        Assert.Equal(["MOVE1"], await MetersAsync("MOVE1"));
        var moved = await grid.Admin.PostAsync<MeterAnswer>("/v1/meters/MOVE1/assignments",
            new AssignMeterRequest(other, DateTimeOffset.Parse("2026-03-01T02:00:00+08:00", null), 2_000));
        Assert.Equal(other, moved.Account);
        await grid.PushAsync(("MOVE1", "2026-03-01T04:00:00+08:00", 4_000), ("MOVE1", "2026-03-01T01:30:00+08:00", 1_500));
        await grid.BalanceAsync("MOVE1", "-1.000000000");
        await grid.BalanceAsync(other, "-1.000000000");
        Assert.Equal(["MOVE1"], await MetersAsync(other));
        Assert.Empty(await MetersAsync("MOVE1"));
        var again = await grid.Admin.PostAsync<MeterAnswer>("/v1/meters/MOVE1/assignments",
            new AssignMeterRequest("MOVE1", DateTimeOffset.Parse("2026-03-01T05:00:00+08:00", null)));
        Assert.Equal("MOVE1", again.Account);
        await grid.PushAsync(("MOVE1", "2026-03-01T06:00:00+08:00", 5_000));
        await grid.BalanceAsync("MOVE1", "-1.500000000");
        await grid.AssertAuditAsync();

        // Its grain is awake all the time: it has to learn of the meter that came.
        async Task<IEnumerable<string>> MetersAsync(string account) =>
            (await grid.Admin.GetAsync<BalanceAnswer>($"/v1/accounts/{account}/balance")).Meters.Select(m => m.Meter);
    }

    [Fact]
    public async Task A_device_is_exchanged_and_the_new_one_counts_on()
    {
        await grid.OpenAsync("EXCH");
        await grid.PushAsync(("EXCH", "2026-03-01T01:00:00+08:00", 1_000));
        var (status, refused) = await grid.SendAsync(HttpMethod.Post, "/v1/meters/EXCH/exchange",
            new ExchangeMeterRequest("EXCH-B", DateTimeOffset.Parse("2026-03-01T02:00:00+08:00", null), 500, 0));
        Assert.Equal((422, "exchange.final_register"), (status, refused.GetProperty("code").GetString()));
        var fresh = await grid.Admin.PostAsync<MeterAnswer>("/v1/meters/EXCH/exchange",
            new ExchangeMeterRequest("EXCH-B", DateTimeOffset.Parse("2026-03-01T02:00:00+08:00", null), 2_000, 70_000));
        Assert.Equal(("EXCH-B", "EXCH"), (fresh.Id, fresh.Account));
        await grid.PushAsync(("EXCH-B", "2026-03-01T03:00:00+08:00", 71_000), ("EXCH", "2026-03-01T03:00:00+08:00", 9_000));
        await grid.BalanceAsync("EXCH", "-1.500000000");
        var exceptions = await Eventually.GetAsync(() => grid.Admin.GetAsync<Page<ExceptionAnswer>>("/v1/exceptions?meter=EXCH"), p => p.Data.Count == 1,
            "The old device's late reading");
        Assert.Equal("reading.after_removal", exceptions.Data[0].Code);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task An_exchange_takes_no_meter_that_is_in_use_and_a_refused_one_leaves_no_trace_in_the_meter_directory()
    {
        await grid.OpenAsync("EXCA");
        var other = Enumerable.Range(0, 100).Select(i => $"EXCB-{i}").First(id => PartitionOf(id) != PartitionOf("EXCA"));
        await grid.OpenAsync(other);
        var at = DateTimeOffset.Parse("2026-03-01T02:00:00+08:00", null);
        var (status, refused) = await grid.SendAsync(HttpMethod.Post, "/v1/meters/EXCA/exchange", new ExchangeMeterRequest(other, at, 0, 0));
        Assert.Equal((409, "meter.exists"), (status, refused.GetProperty("code").GetString()));
        await grid.PushAsync(("EXCA", "2026-03-01T03:00:00+08:00", 1_000));
        (status, _) = await grid.SendAsync(HttpMethod.Post, "/v1/meters/EXCA/exchange", new ExchangeMeterRequest("EXCA-NEW", at.AddDays(-30), 0, 0));
        Assert.Equal(422, status);
        Assert.Equal("reading.meter_unknown", (await grid.PushAsync(("EXCA-NEW", "2026-03-01T03:00:00+08:00", 1))).Errors[0].Code);
        Assert.Equal(1, (await grid.PushAsync((other, "2026-03-01T03:00:00+08:00", 1_000))).Accepted);
        await grid.BalanceAsync(other, "-0.500000000");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_second_process_is_kept_out_of_a_folder_that_is_in_use()
    {
        var refused = await Assert.ThrowsAsync<StartException>(
            () => GridHost.StartAsync(new StartOptions(grid.Host.Data.Root, "http://127.0.0.1:0", Quiet: true), _ => { }));
        Assert.Contains(grid.Host.Url, refused.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Get, "/health/ready")).Status);
    }

    [Fact]
    public async Task A_spike_is_held_in_the_queue_and_nothing_waits_behind_it()
    {
        await grid.OpenAsync("SPIKE", capacityW: 10_000);
        await grid.PushAsync(("SPIKE", "2026-03-01T01:00:00+08:00", 50_000), ("SPIKE", "2026-03-01T02:00:00+08:00", 51_000));
        await grid.BalanceAsync("SPIKE", "-0.500000000");
        var queue =
            await Eventually.GetAsync(() => grid.Admin.GetAsync<Page<ExceptionAnswer>>("/v1/exceptions?account=SPIKE"), p => p.Data.Count == 1, "The spike");
        Assert.Equal(("reading.spike", 50_000L, true), (queue.Data[0].Code, queue.Data[0].HeldWh, queue.Data[0].Open));
    }

    [Fact]
    public async Task A_record_that_cannot_be_folded_is_quarantined_and_its_partition_goes_on()
    {
        await grid.OpenAsync("POIS");
        var log = grid.Host.Services.GetRequiredService<PostgresLog>();
        var partition = PartitionOf("POIS");
        await grid.PushAsync(("POIS", "2026-03-01T01:00:00+08:00", 1_000));
        var garbage = await log.AppendAsync(new LogAppend(partition, 3, new byte[] { 99, 1, 2, 3 }));
        var header = Domain.Formats.LogRecords.Encode(1_790_000_000_000, Array.Empty<Domain.Readings.Reading>());
        await log.AppendAsync(new LogAppend(partition, 1, (byte[])[.. header, 3, 5, .. "{bad}"u8]));
        await grid.PushAsync(("POIS", "2026-03-01T02:00:00+08:00", 2_000));
        await grid.BalanceAsync("POIS", "-1.000000000");
        await using var command =
            grid.Database.CreateCommand("select count(*)::int, sum(record_count)::int from quarantined_record where partition = $1 and position >= $2");
        command.Parameters.Add(new() { Value = partition });
        command.Parameters.Add(new() { Value = garbage.FirstPosition });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal((2, 4), (reader.GetInt32(0), reader.GetInt32(1)));
    }

    [Fact]
    public async Task What_was_quarantined_holds_its_account_and_is_seen_replayed_and_dismissed_by_a_person()
    {
        await grid.OpenAsync("MEND");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, "/v1/accounts/MEND/customer", new Collections.CustomerRequest("cn-residential"))).Status);
        var log = grid.Host.Services.GetRequiredService<PostgresLog>();
        var partition = PartitionOf("MEND");
        await using var find = grid.Database.CreateCommand("select number from account where id = 'MEND'");
        var account = (int)(await find.ExecuteScalarAsync())!;

        // Behind a good record of the account one whose bytes cannot be read: whose it is cannot be told, and the account is not held for it.
        var good = Domain.Formats.LogRecords.Encode(1_790_000_000_000, new Domain.Commands.TakePayment(account, new(1_000_000_000), "bank", null));
        var unread = await log.AppendAsync(new LogAppend(partition, 2, (byte[])[.. good, 3, 5, .. "{bad}"u8]));
        await grid.BalanceAsync("MEND", "1.000000000");
        Assert.Null((await QuarantineAsync(partition, unread.FirstPosition + 1)).Account);
        await grid.PushAsync(("MEND", "2026-03-01T00:30:00+08:00", 0));
        await grid.BalanceAsync("MEND", "1.000000000");
        Assert.Empty((await grid.Admin.GetAsync<Collections.CustomerAnswer>("/v1/accounts/MEND/customer")).Holds);

        // A tariff that nobody ever registered: the fold cannot go on with it.
        var bad = await log.AppendAsync(
            new LogAppend(partition, 1,
                Domain.Formats.LogRecords.Encode(1_790_000_000_000, new Domain.Commands.ChangeTariff(account, 987_654, new DateOnly(2026, 3, 5).DayNumber))));
        await grid.PushAsync(("MEND", "2026-03-01T01:00:00+08:00", 1_000));
        var seen = await QuarantineAsync(partition, bad.FirstPosition);
        Assert.Equal((account, 1), (seen.Account!.Value, seen.Count));
        Assert.Contains("987654", seen.Record, StringComparison.Ordinal);
        await Eventually.GetAsync(() => grid.Admin.GetAsync<Collections.CustomerAnswer>("/v1/accounts/MEND/customer"),
            c => c.Holds.Any(h => h.Contains("DataQuality", StringComparison.OrdinalIgnoreCase)), "A hold on the account");
        await grid.BalanceAsync("MEND", "0.500000000");

        var path = $"/v1/quarantine/{partition}/{bad.FirstPosition}";
        Assert.Equal(422, (await grid.SendAsync(HttpMethod.Post, path, new ResolveRequest("forget", "why"))).Status);
        Assert.Equal(422, (await grid.SendAsync(HttpMethod.Post, path, new ResolveRequest("replay", ""))).Status);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, path, new ResolveRequest("replay", "the tariff should be there now"))).Status);
        Assert.Equal(409, (await grid.SendAsync(HttpMethod.Post, path, new ResolveRequest("replay", "twice"))).Status);

        // It is still not there: the replayed record is quarantined in its turn, and its partition goes on.
        var again = await Eventually.GetAsync(() => grid.Admin.ListAsync<QuarantineAnswer>("/v1/quarantine"),
            l => l.Exists(s => s.Partition == partition && s.Position > bad.FirstPosition && s.Account == account), "The replayed record in the list");
        var second = again.Find(s => s.Partition == partition && s.Position > bad.FirstPosition && s.Account == account)!;
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Post, $"/v1/quarantine/{partition}/{second.Position}", new ResolveRequest("dismiss", "entered wrong"))).Status);
        Assert.StartsWith("replay: the tariff", (await QuarantineAsync(partition, bad.FirstPosition)).Resolution, StringComparison.Ordinal);
        await grid.PushAsync(("MEND", "2026-03-01T02:00:00+08:00", 2_000));
        await grid.BalanceAsync("MEND", "0.000000000");
    }

    /// <summary>An account's and a meter's grain ask their partition again after five seconds; what they know before that, they were told.</summary>
    [Fact]
    public async Task Awake_grains_are_told_of_a_reading_and_need_not_ask()
    {
        await grid.OpenAsync("TOLD");
        var grains = grid.Host.Services.GetRequiredService<IGrainFactory>();
        var (account, meter) = (grains.GetGrain<IAccountGrain>("TOLD"), grains.GetGrain<IMeterGrain>("TOLD"));

        // Where the machine stood still for longer than that, an attempt shows nothing, and there is another.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            // Whatever watch they have is well over, so that these looks begin one.
            await Task.Delay(Leases.Renew * 1.2, TimeProvider.System);
            var watchedAt = TimeProvider.System.GetTimestamp();
            await account.Get();
            await meter.Get();
            foreach (var minute in new[] { 15, 30 })
            {
                var wh = (attempt * 1_000L) + minute;
                await grid.PushAsync(("TOLD", $"2026-03-01T0{attempt}:{minute}:00+08:00", wh));
                await Eventually.GetAsync(account.Get, v => v!.Meters is [{ RegisterWh: var register }] && register == wh, "The account's reading");
                await Eventually.GetAsync(meter.Get, v => v!.RegisterWh == wh, "The meter's reading");
            }

            if (TimeProvider.System.GetElapsedTime(watchedAt) < Leases.Renew)
            {
                return;
            }
        }

        Assert.Fail("In three attempts a reading was only seen once the grains asked for it again.");
    }

    private async Task<QuarantineAnswer> QuarantineAsync(int partition, long position) =>
        (await Eventually.GetAsync(() => grid.Admin.ListAsync<QuarantineAnswer>("/v1/quarantine"),
            l => l.Exists(s => s.Partition == partition && s.Position == position), "The record in the list")).Find(
                s => s.Partition == partition && s.Position == position)!;

    /// <summary>A meter directory that does not know a meter, as another silo's, right after its registration was answered.</summary>
    [Fact]
    public async Task A_meter_is_known_to_every_silo_as_soon_as_its_registration_is_answered()
    {
        var services = grid.Host.Services;
        for (var i = 0; i < 20; i++)
        {
            await grid.OpenAsync($"SILO{i}");
            var elsewhere = new MeterDirectory(grid.Database, services.GetRequiredService<IGrainFactory>(), grid.Time,
                Microsoft.Extensions.Logging.Abstractions.NullLogger<MeterDirectory>.Instance);
            await elsewhere.LookUpAsync([IdHash.Of($"SILO{i}"), IdHash.Of("nobody")]);
            Assert.True(elsewhere.TryFind(IdHash.Of($"SILO{i}"), out _));
            Assert.False(elsewhere.TryFind(IdHash.Of("nobody"), out _));
        }
    }

    [Fact]
    public async Task A_balance_asked_for_after_a_payment_is_never_one_from_before_it()
    {
        await grid.OpenAsync("AFTER");
        for (var i = 1; i <= 5; i++)
        {
            var (_, paid) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/AFTER/payments", new PaymentRequest("1"), key: $"after-{i}");
            var position = paid.GetProperty("position").GetInt64();
            var balance = await grid.Admin.GetAsync<BalanceAnswer>($"/v1/accounts/AFTER/balance?after={position}");
            Assert.True(balance.Position > position);
            Assert.StartsWith($"{i}.", balance.Amount, StringComparison.Ordinal);
        }

        Assert.Equal(503, (await grid.SendAsync(HttpMethod.Get, "/v1/accounts/AFTER/balance?after=999999999")).Status);
    }

    [Fact]
    public async Task A_stale_twin_of_a_partition_can_write_nothing()
    {
        await grid.OpenAsync("TWIN");
        var partition = PartitionOf("TWIN");
        var store = grid.Host.Services.GetRequiredService<PartitionStore>();
        await grid.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPartitionGrain>(partition).Checkpoint();

        // Taking the partition makes the grain that has it the stale twin.
        var lease = await store.TakeAsync(partition, "a test");
        await grid.PushAsync(("TWIN", "2026-03-01T01:00:00+08:00", 1_000));
        await using var count = grid.Database.CreateCommand("select epoch from partition where partition = $1");
        count.Parameters.Add(new() { Value = partition });
        var epoch = await Eventually.GetAsync(async () => (long)(await count.ExecuteScalarAsync())!, e => e > lease.Epoch,
            "The grain is fenced, drops its memory and takes the partition anew");
        await Assert.ThrowsAsync<FencedException>(
            () => grid.Host.Services.GetRequiredService<EffectsWriter>()
                .WriteAsync(lease, lease.EffectsPosition, lease.EffectsPosition + 1, new Domain.Partitions.Effects()));
        Assert.True(epoch > lease.Epoch);

        // Its states neither, though it writes them before it asks whether it still has the partition.
        await using var find = grid.Database.CreateCommand("select number from account where id = 'TWIN'");
        var states = await store.LoadAsync(lease, default);
        states.Touch(states.FindAccount((int)(await find.ExecuteScalarAsync())!)!, 987_654_321);
        var snapshot = StateSnapshot.Take(states);
        var page = Assert.Single(snapshot.Pages);
        await Assert.ThrowsAsync<FencedException>(() => store.FlushStatesAsync(lease, lease.StatePosition, lease.StatePosition, snapshot));
        await using var stored = grid.Database.CreateCommand("select states from account_page where partition = $1 and page = $2");
        stored.Parameters.Add(new() { Value = partition });
        stored.Parameters.Add(new() { Value = page.Page });
        Assert.NotEqual(page.States, (byte[])(await stored.ExecuteScalarAsync())!);
        await grid.BalanceAsync("TWIN", "-0.500000000");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Checkpoints_at_once_lose_no_state()
    {
        await grid.OpenAsync("CHKP");
        var partition = PartitionOf("CHKP");
        var grain = grid.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPartitionGrain>(partition);
        for (var i = 1; i <= 20; i++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(1772323200000 + (i * 900_000L)).ToString("O");
            await Task.WhenAll(grid.PushAsync(("CHKP", at, i * 100)), grain.Checkpoint(), grain.Checkpoint(), grain.Checkpoint());
        }

        // Taken away, the partition starts again from what the flushes stored.
        await grain.Checkpoint();
        await grid.Host.Services.GetRequiredService<PartitionStore>().TakeAsync(partition, "a test");
        await grid.PushAsync(("CHKP", DateTimeOffset.FromUnixTimeMilliseconds(1772323200000 + (30 * 900_000L)).ToString("O"), 3_000));
        await grid.BalanceAsync("CHKP", "-1.500000000");
        await Eventually.GetAsync(() => grid.Admin.ListAsync<ExplainDay>("/v1/meters/CHKP/days"), d => d.Sum(x => x.Readings.Count) == 21,
            "All 21 readings");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task The_ledger_refuses_change()
    {
        await grid.OpenAsync("LEDG");
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/LEDG/payments", new PaymentRequest("1"), "l");
        foreach (var sql in new[] { "update entry set amount_nano = 0", "delete from entry", "truncate entry", "update account_event set at_ms = 0",
            "delete from account_event" })
        {
            await using var command = grid.Database.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_message_that_is_not_taken_is_tried_again_under_its_id_and_parked_at_last()
    {
        await grid.OpenAsync("OUTB");
        await using (var insert = grid.Database.CreateCommand(
            "insert into outbox (id, account, partition, position, kind, body, created_ms, next_attempt_at) select 'outb-1', number, partition, 0, 'test', "
                + "'{\"balance\":\"1\",\"currency\":\"CNY\",\"atMs\":0}', 10413792000000, '2000-01-01' from account where id = 'OUTB'"))
        {
            // Decided in 2300: it is young enough at every attempt, so that its account is not asked whether it is still true.
            // The grid's own dispatcher must not take it: it is put far enough ahead of the grid's clock.
            await using var ahead = grid.Database.CreateCommand("update outbox set next_attempt_at = '2200-01-01' where id = 'outb-1'");
            await insert.ExecuteNonQueryAsync();
            await ahead.ExecuteNonQueryAsync();
        }

        var time = new ShiftedTime();
        time.Shift(TimeSpan.FromDays(200 * 365.25));
        var sink = new FailingChannel();
        var texts = grid.Host.Services.GetRequiredService<NoticeTexts>();
        var dispatcher = new OutboxDispatcher(new PostgresOutbox(grid.Database), [sink], texts,
            grid.Host.Services.GetRequiredService<AccountGrid.Host.Security.PersonalData>(),
            new PartitionLog(grid.Host.Services.GetRequiredService<PostgresLog>()), time, NullLogger<OutboxDispatcher>.Instance);
        await dispatcher.ComposeSomeAsync(default);
        await using var look = grid.Database.CreateCommand("select state from outbox where id = 'outb-1'");
        for (var i = 0; i < 40 && (string)(await look.ExecuteScalarAsync())! == "queued"; i++)
        {
            await dispatcher.SendSomeAsync(default);
            time.Shift(TimeSpan.FromDays(1));
        }

        Assert.Equal("parked", (string)(await look.ExecuteScalarAsync())!);
        Assert.Equal(11, sink.Seen.Count(id => id == "outb-1"));
        await using var gone = grid.Database.CreateCommand("delete from outbox where id = 'outb-1'");
        await gone.ExecuteNonQueryAsync();
    }

    private static string Local(double days) => new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.FromHours(8)).AddDays(days)
        .ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    private int PartitionOf(string account) => grid.Host.Services.GetRequiredService<AccountPartitions>().OfKey(account);

    private Task<Page<EntryAnswer>> EntriesAsync(string id, Func<Page<EntryAnswer>, bool> isRight) =>
        Eventually.GetAsync(() => grid.Admin.GetAsync<Page<EntryAnswer>>($"/v1/accounts/{id}/entries"), isRight, "The entries");

    private sealed class FailingChannel : IMessageChannel
    {
        public List<string> Seen { get; } = [];

        public string Name => "file";

        public bool IsOn => true;

        public Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
        {
            lock (Seen)
            {
                Seen.Add(message.Id);
            }

            throw new IOException("The channel is out of order.");
        }
    }
}
