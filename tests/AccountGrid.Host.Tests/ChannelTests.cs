using System.Text.Json;
using System.Text.RegularExpressions;
using AccountGrid.Host.Database;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Streams.Postgres;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>The outbox against real receivers on loopback: HTTP and SMTP servers that refuse, are busy, are slow, and count what they get.</summary>
public sealed partial class ChannelTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly PersonalData _personal = PersonalData.Open(new SecurityOptions { PersonalDataKey = Convert.ToBase64String(new byte[32]) }, null!);
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly List<(string Path, Dictionary<string, string> Headers, byte[] Body)> _received = [];
    private readonly Queue<Func<HttpContext, Task>> _answers = new();
    private readonly FakeSmtp _smtp = new();
    private readonly ShiftedTime _time = new();
    private readonly NoticeOptions _options = new() { Company = "Grid", Phone = "100", Language = "zh-CN" };
    private NpgsqlDataSource _database = null!;
    private PostgresLog _log = null!;
    private WebApplication _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = await postgres.Server.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(connection, 4);
        _database = PostgresDatabase.Open(connection);
        _log = new PostgresLog(_database, new PostgresLogOptions { Partitions = 4 }, _time, NullLogger<PostgresLog>.Instance);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Run(ReceiveAsync);
        await _receiver.StartAsync();
        _options.Webhook = new WebhookOptions { Url = _receiver.Urls.First() + "/hook", Secret = Secret, AllowPrivate = true, TimeoutSeconds = 2 };
        _options.Sms = new SmsOptions { Url = _receiver.Urls.First() + "/sms", Token = "t0ken", AllowPrivate = true, TimeoutSeconds = 2 };
        _options.Smtp = new SmtpOptions { Host = "127.0.0.1", Port = _smtp.Port, From = "grid@example.org", Security = "none", TimeoutSeconds = 5 };
        await SqlAsync("insert into account (id, partition) values ('A', 1)");
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _smtp.DisposeAsync();
        await _log.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_is_signed_keeps_its_id_over_retries_and_proves_delivery()
    {
        await QueueAsync("n1");
        _answers.Enqueue(Status(503));
        _answers.Enqueue(c => c.Response.WriteAsync("""{"delivered":true}"""));
        var dispatcher = Dispatcher();
        await RoundsAsync(dispatcher, 3);
        Assert.Equal("delivered", await StateAsync("n1"));
        Assert.Equal(["n1", "n1"], _received.Select(r => r.Headers["webhook-id"]));
        foreach (var (_, headers, body) in _received)
        {
            Assert.Equal(WebhookSignature.Of(Secret, "n1", headers["webhook-timestamp"], body), headers["webhook-signature"]);
        }

        using var json = JsonDocument.Parse(_received[0].Body);
        Assert.Equal(("1.0", "accountgrid.notice.low-balance", "A"),
            (json.RootElement.GetProperty("specversion").GetString(), json.RootElement.GetProperty("type").GetString(),
                json.RootElement.GetProperty("subject").GetString()));
        Assert.Contains("余额为12.34元", json.RootElement.GetProperty("data").GetProperty("text").GetString(), StringComparison.Ordinal);

        // Proof is in the account's log, once, whatever is said again.
        Assert.Equal(1L, await ScalarAsync("select count(*) from log_key where key = 'delivery:n1'"));
    }

    [Fact]
    public async Task A_dead_channel_is_followed_by_the_next_and_the_last_word_is_proof()
    {
        await ContactAsync("en", ("sms", "+86 100"), ("email", "a@example.org"));
        await QueueAsync("n2");
        for (var i = 0; i < DeliverySchedule.AttemptsBeforeNextChannel; i++)
        {
            _answers.Enqueue(Status(500));
        }

        var dispatcher = Dispatcher();
        await RoundsAsync(dispatcher, 5);
        Assert.Equal("sent", await StateAsync("n2"));
        Assert.Equal(3, _received.Count(r => r.Path == "/sms" && r.Headers["Authorization"] == "Bearer t0ken"));
        var mail = Assert.Single(_smtp.Mails);
        Assert.Contains("X-Notice-Id: n2", mail, StringComparison.Ordinal);
        Assert.Contains("The balance of account A is 12.34 CNY", mail.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(550, "delivered")]
    [InlineData(450, "queued")]
    public async Task A_mail_server_that_refuses_is_not_asked_again_and_a_busy_one_is(int answer, string state)
    {
        await ContactAsync("en", ("email", "a@example.org"), ("file", ""));
        await QueueAsync("n3");
        _smtp.Answers.Enqueue(answer);
        await RoundsAsync(Dispatcher(), answer == 550 ? 2 : 1);
        Assert.Equal(state, await StateAsync("n3"));
        Assert.Empty(_smtp.Mails);
    }

    /// <summary>A mail filter names the address that it does not like, which here is the customer's link.</summary>
    [Fact]
    public async Task A_link_that_a_mail_server_names_is_in_no_log_line_and_no_row()
    {
        _options.CustomerPageUrl = "https://power.example";
        await ContactAsync("en", ("email", "a@example.org"));
        await QueueAsync("n8");
        string? token = null;
        _smtp.Filter = mail =>
        {
            token = PageLink().Match(mail.Replace("=\n", "", StringComparison.Ordinal)) is { Success: true } m ? m.Groups[1].Value : null;
            return $"554-rejected: https://power.example/my/{token} is listed\r\n554 see https://filter.example/?u=https%3A%2F%2Fpower.example%2Fmy%2F{token}";
        };
        using var lines = new LogLines();
        await RoundsAsync(Dispatcher(new PageLinks(new GridSecret(new byte[32]), _options), lines), 1);
        Assert.Equal("parked", await StateAsync("n8"));
        Assert.NotNull(token);
        var line = Assert.Single(lines.Said, l => l.Contains("rejected", StringComparison.Ordinal));
        await using var command = _database.CreateCommand("select last_error from outbox where id = 'n8'");
        foreach (var said in new[] { line, (string)(await command.ExecuteScalarAsync())! })
        {
            Assert.DoesNotContain(token[..8], said, StringComparison.Ordinal);
            Assert.DoesNotContain(token[^8..], said, StringComparison.Ordinal);
            Assert.Contains("554: rejected: https://power.example/…", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(410)]
    [InlineData(302)]
    [InlineData(400)]
    public async Task A_refusal_or_a_redirect_parks_and_a_replay_sends_again_under_the_same_id(int status)
    {
        await QueueAsync("n4");
        _answers.Enqueue(c =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers.Location = "http://127.0.0.1:1/";
            return Task.CompletedTask;
        });
        var dispatcher = Dispatcher();
        await RoundsAsync(dispatcher, 2);
        Assert.Equal("parked", await StateAsync("n4"));
        await SqlAsync("update outbox set state = 'queued', attempts = 0 where id = 'n4'");
        await RoundsAsync(dispatcher, 1);
        Assert.Equal("sent", await StateAsync("n4"));
        Assert.All(_received, r => Assert.Equal("n4", r.Headers["webhook-id"]));
    }

    [Fact]
    public async Task A_receiver_says_how_long_it_wants_to_be_left_alone()
    {
        await QueueAsync("n5");
        _answers.Enqueue(c =>
        {
            c.Response.StatusCode = 429;
            c.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        var dispatcher = Dispatcher();
        await dispatcher.ComposeSomeAsync(default);
        await dispatcher.SendSomeAsync(default);
        _time.Shift(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await dispatcher.SendSomeAsync(default));
        _time.Shift(TimeSpan.FromMinutes(2));
        await ConfirmAsync();
        Assert.Equal(1, await dispatcher.SendSomeAsync(default));
        Assert.Equal("sent", await StateAsync("n5"));
    }

    [Fact]
    public async Task A_slow_receiver_holds_up_nobody_and_claims_of_a_dead_sender_return()
    {
        await QueueAsync("n6");
        await QueueAsync("n7");
        await QueueAsync("n8");
        _answers.Enqueue(c => Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, c.RequestAborted));
        var dispatcher = Dispatcher();
        await dispatcher.ComposeSomeAsync(default);

        // A sender that claimed n8 and died: its claim holds, and returns.
        await SqlAsync("update outbox set claim_token = gen_random_uuid(), attempts = 1, next_attempt_at = now() + interval '5 minutes' where id = 'n8'");
        Assert.Equal(2, await dispatcher.SendSomeAsync(default));
        Assert.Equal(1L, await ScalarAsync("select count(*) from outbox where state = 'sent'"));
        _time.Shift(TimeSpan.FromMinutes(6));
        await ConfirmAsync();
        await dispatcher.SendSomeAsync(default);
        Assert.Equal(3L, await ScalarAsync("select count(*) from outbox where state = 'sent'"));
    }

    /// <summary>The answer has begun and does not end: what was taken with 2xx is taken, and nobody waits for the rest.</summary>
    [Fact]
    public async Task A_receiver_that_keeps_its_answer_open_has_taken_the_message()
    {
        await QueueAsync("open");
        _answers.Enqueue(async c =>
        {
            await c.Response.WriteAsync("{");
            await c.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, c.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        var began = TimeProvider.System.GetTimestamp();
        await RoundsAsync(Dispatcher(), 2);
        Assert.Equal("sent", await StateAsync("open"));
        Assert.Single(_received);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Two_senders_share_the_work_and_send_nothing_twice()
    {
        for (var i = 0; i < 60; i++)
        {
            await QueueAsync($"m{i}");
        }

        var senders = new[] { Dispatcher(), Dispatcher() };
        await Task.WhenAll(senders.Select(async s =>
        {
            while (await s.ComposeSomeAsync(default) + await s.SendSomeAsync(default) > 0)
            {
            }
        }));
        Assert.Equal(60L, await ScalarAsync("select count(*) from outbox where state = 'sent'"));
        Assert.Equal(60, _received.Select(r => r.Headers["webhook-id"]).Distinct().Count());
        Assert.Equal(60, _received.Count);
    }

    [Fact]
    public async Task No_request_goes_to_a_private_address_unless_configuration_allows_it()
    {
        _options.Webhook.AllowPrivate = false;
        await QueueAsync("n9");
        await RoundsAsync(Dispatcher(), 2);
        Assert.NotEqual("sent", await StateAsync("n9"));
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Quiet_hours_hold_a_message_that_was_decided_in_them_and_one_that_is_tried_again_in_them()
    {
        await QueueAsync("q1");
        var minute = (int)_time.GetUtcNow().TimeOfDay.TotalMinutes;
        await SqlAsync($"update outbox set quiet = '{(minute + 1439) % 1440}-{(minute + 90) % 1440} Etc/UTC' where id = 'q1'");
        var dispatcher = Dispatcher();
        await dispatcher.ComposeSomeAsync(default);
        await dispatcher.SendSomeAsync(default);
        Assert.Empty(_received);
        _time.Shift(TimeSpan.FromMinutes(91));
        await ConfirmAsync();
        await dispatcher.SendSomeAsync(default);
        Assert.Equal("sent", await StateAsync("q1"));
    }

    [Fact]
    public async Task What_waited_is_asked_about_once_and_does_not_leave_before_its_account_has_answered()
    {
        await QueueAsync("1:low-balance:1");
        _time.Shift(TimeSpan.FromHours(9));
        var senders = new[] { Dispatcher(), Dispatcher() };
        await senders[0].ComposeSomeAsync(default);
        for (var i = 0; i < 3; i++)
        {
            await senders[i % 2].SendSomeAsync(default);
            _time.Shift(TimeSpan.FromSeconds(6));
        }

        Assert.Empty(_received);
        Assert.Equal(1L, await ScalarAsync("select count(*) from log_key where key like 'confirm:1:low-balance:1:%'"));
        Assert.Equal("queued", await StateAsync("1:low-balance:1"));

        // The account's answer is worth a minute.
        await ConfirmAsync();
        _time.Shift(TimeSpan.FromMinutes(2));
        await senders[0].SendSomeAsync(default);
        Assert.Empty(_received);
        Assert.Equal(2L, await ScalarAsync("select count(*) from log_key where key like 'confirm:1:low-balance:1:%'"));
        await ConfirmAsync();
        _time.Shift(TimeSpan.FromSeconds(30));
        await senders[1].SendSomeAsync(default);
        Assert.Single(_received);
        Assert.Equal(0L, await ScalarAsync("select count(*) from outbox where attempts <> 1"));
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Func<HttpContext, Task>? answer;
        lock (_received)
        {
            _received.Add(
                (http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            _answers.TryDequeue(out answer);
        }

        await (answer?.Invoke(http) ?? Task.CompletedTask);
    }

    private static Func<HttpContext, Task> Status(int code) => c =>
    {
        c.Response.StatusCode = code;
        return Task.CompletedTask;
    };

    private OutboxDispatcher Dispatcher(PageLinks? pages = null, ILogger<OutboxDispatcher>? logger = null) => new(
        new PostgresOutbox(_database), [new WebhookChannel(_options, _time), new SmsChannel(_options, _time), new EmailChannel(_options), new Paper()],
        new NoticeTexts(_options), _personal, new PartitionLog(_log), _time, logger ?? NullLogger<OutboxDispatcher>.Instance, pages: pages);

    /// <summary>Rounds a day apart, so that every wait of the schedule is over; what waited is true all the same.</summary>
    private async Task RoundsAsync(OutboxDispatcher dispatcher, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            await dispatcher.ComposeSomeAsync(default);
            await ConfirmAsync();
            await dispatcher.SendSomeAsync(default);
            _time.Shift(TimeSpan.FromHours(25));
        }
    }

    /// <summary>What an account's answer does that finds its messages true.</summary>
    private Task ConfirmAsync() => SqlAsync($"update outbox set confirmed_ms = {_time.GetUtcNow().ToUnixTimeMilliseconds()} where state = 'queued'");

    private Task QueueAsync(string id) => SqlAsync(
        $$"""
        insert into outbox (id, account, partition, position, kind, created_ms, next_attempt_at, body)
        select '{{id}}', number, partition, 0, 'low-balance', {{_time.GetUtcNow().ToUnixTimeMilliseconds()}}, '2000-01-01',
          '{"balance":"12.345600000","currency":"CNY","atMs":0,"policy":"p/1"}' from account where id = 'A'
        """);

    private Task ContactAsync(string language, params (string Channel, string To)[] ways) => SqlAsync(
        $"insert into contact (partition, account, language, channels) select partition, number, '{language}', "
            + $"'{JsonSerializer.Serialize(ways.Select(w => new { channel = w.Channel, to = _personal.Seal(w.To) }))}' from account where id = 'A'");

    private async Task<string> StateAsync(string id)
    {
        await using var command = _database.CreateCommand($"select state from outbox where id = '{id}'");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("/my/([A-Za-z0-9_-]{44})")]
    private static partial Regex PageLink();

    private sealed class LogLines : ILogger<OutboxDispatcher>, IDisposable
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    private sealed class Paper : IMessageChannel
    {
        public string Name => "file";

        public bool IsOn => true;

        public Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel) => Task.FromResult(Delivery.Delivered);
    }
}
