using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccountGrid.Host.Database;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AccountGrid.Host.Notices;

/// <summary>Writes each message as a line of JSON to <c>notices.ndjson</c>, for trying out; it proves no delivery unless <see cref="NoticeOptions.FileProves"/> says so.</summary>
internal sealed class FileChannel(DataFolder data, GridOptions options, NoticeOptions notices) : IMessageChannel
{
    private readonly string _path = Path.Combine(data.In(options.NoticeFolder), "notices.ndjson");
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly System.Collections.Concurrent.ConcurrentQueue<Line> _lines = new();

    public string Name => "file";

    public TimeSpan Timeout => TimeSpan.FromSeconds(5);

    public bool IsOn => true;

    /// <summary>Lines that wait share one write to disk: whoever comes first writes for all.</summary>
    public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        var waiting = new Line([.. JsonSerializer.SerializeToUtf8Bytes(message, ChannelJson.Options), (byte)'\n']);
        _lines.Enqueue(waiting);
        await _gate.WaitAsync(cancel);
        try
        {
            if (!waiting.IsWritten)
            {
                await WriteAsync(cancel);
            }
        }
        finally
        {
            _gate.Release();
        }

        return waiting.IsWritten ? (notices.FileProves ? Delivery.Delivered : Delivery.Sent) : throw new IOException($"{_path} could not be written.");
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        var some = new List<Line>();
        while (_lines.TryDequeue(out var line))
        {
            some.Add(line);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await using var file = new FileStream(_path, DataFolder.OwnFile(FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        await file.WriteAsync(some.SelectMany(l => l.Bytes).ToArray(), cancel);
        file.Flush(flushToDisk: true);
        some.ForEach(l => l.IsWritten = true);
    }

    private sealed class Line(byte[] bytes)
    {
        public byte[] Bytes => bytes;

        public bool IsWritten { get; set; }
    }
}

/// <summary>
/// Posts every message to the company's own endpoint: Standard Webhooks 1.0.0 (<c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c> with
/// HMAC-SHA256) around a CloudEvent. 2xx is sent; a body <c>{"delivered":true}</c> proves delivery; 410 and 4xx but 408 and 429 are refusals, redirects too.
/// </summary>
internal sealed class WebhookChannel(NoticeOptions options, TimeProvider time) : IMessageChannel, IDisposable
{
    private readonly HttpClient _http = GuardedHttp.Client(options.Webhook.AllowPrivate, options.Webhook.TimeoutSeconds);

    public string Name => "webhook";

    public TimeSpan Timeout => TimeSpan.FromSeconds(options.Webhook.TimeoutSeconds);

    public bool IsOn => options.Webhook.Url.Length > 0;

    public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                specversion = "1.0",
                id = message.Id,
                source = "/accountgrid",
                type = $"accountgrid.notice.{message.Kind}",
                subject = message.Account,
                time = message.At,
                datacontenttype = "application/json",
                data = new { language = message.Language, subject = message.Subject, text = message.Text, facts = message.Body },
            },
            ChannelJson.Options);
        var now = time.GetUtcNow();
        using var request = WebhookSignature.Request(options.Webhook, message.Id, now, body);
        return await GuardedHttp.SendAsync(_http, request, now, cancel);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The signature of Standard Webhooks: <c>v1,</c> and base64 of HMAC-SHA256 over <c>id.timestamp.body</c>; one for each secret, separated by spaces.</summary>
public static class WebhookSignature
{
    private const string Prefix = "whsec_";

    /// <summary>A signed request with a CloudEvent.</summary>
    public static HttpRequestMessage Request(WebhookOptions webhook, string id, DateTimeOffset now, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", Of(webhook.Secret, id, timestamp, body));
        return request;
    }

    public static string Of(string secrets, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(s), signed))));
    }

    /// <summary>Null where a secret is what it should be; else what is wrong.</summary>
    public static string? Problem(string secrets)
    {
        foreach (var secret in secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Span<byte> key = new byte[96];
            if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || !Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) || length is < 24 or > 64)
            {
                return $"Notices__Webhook__Secret: a secret is not {Prefix} and base64 of 24 to 64 bytes.";
            }
        }

        return secrets.Length == 0 ? "Notices__Webhook__Secret: a webhook needs a secret to sign with." : null;
    }

    private static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[Prefix.Length..]);
}

/// <summary>
/// SMS over HTTP in one vendor-neutral shape: POST <c>{"id","to","text"}</c> with a bearer token; the answer 2xx with <c>{"delivered":true}</c> or without. A small
/// adapter in front of a vendor's own API speaks it; the vendor's later word on delivery goes to <c>POST /v1/notices/{id}/delivery</c>.
/// </summary>
internal sealed class SmsChannel(NoticeOptions options, TimeProvider time) : IMessageChannel, IDisposable
{
    private readonly HttpClient _http = GuardedHttp.Client(options.Sms.AllowPrivate, options.Sms.TimeoutSeconds);

    public string Name => "sms";

    public TimeSpan Timeout => TimeSpan.FromSeconds(options.Sms.TimeoutSeconds);

    public bool IsOn => options.Sms.Url.Length > 0;

    public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { id = message.Id, to, text = message.Text }, ChannelJson.Options);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Sms.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", message.Id);
        if (options.Sms.Token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Sms.Token);
        }

        return await GuardedHttp.SendAsync(_http, request, time.GetUtcNow(), cancel);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>E-mail by SMTP. The Message-Id is made of the message's id, so that a second copy can be told.</summary>
internal sealed class EmailChannel(NoticeOptions options) : IMessageChannel
{
    public string Name => "email";

    public TimeSpan Timeout => TimeSpan.FromSeconds(options.Smtp.TimeoutSeconds);

    public bool IsOn => options.Smtp.Host.Length > 0;

    public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        var o = options.Smtp;
        if (!MailboxAddress.TryParse(to, out var address))
        {
            throw new ChannelRefusedException($"'{to}' is no e-mail address.");
        }

        using var mail = new MimeMessage { Subject = message.Subject, Date = message.At, Body = new TextPart("plain") { Text = message.Text } };
        mail.From.Add(MailboxAddress.Parse(o.From));
        mail.To.Add(address);
        mail.MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Id)))[..32]}@accountgrid";
        mail.Headers.Add("X-Notice-Id", message.Id);
        using var smtp = new SmtpClient { Timeout = o.TimeoutSeconds * 1000 };
        await smtp.ConnectAsync(o.Host, o.Port, o.Security switch { "tls" => SecureSocketOptions.SslOnConnect, "none" => SecureSocketOptions.None, _ => SecureSocketOptions.StartTls }, cancel);
        if (o.User.Length > 0)
        {
            await smtp.AuthenticateAsync(o.User, o.Password, cancel);
        }

        try
        {
            await smtp.SendAsync(mail, cancel);
        }
        catch (SmtpCommandException e) when ((int)e.StatusCode is >= 500 and < 600)
        {
            throw new ChannelRefusedException($"{(int)e.StatusCode}: {e.Message}");
        }

        try
        {
            await smtp.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception e) when (e is IOException or TimeoutException or OperationCanceledException or SmtpProtocolException)
        {
            // The server has taken the mail; how it says goodbye is its own affair.
        }

        return Delivery.Sent;
    }
}

/// <summary>HTTP towards addresses that customers or configuration name: no private networks unless allowed, checked at the connection, after DNS.</summary>
internal static class GuardedHttp
{
    /// <summary>Longest answer that is read, bytes.</summary>
    private const int AnswerMax = 4_096;

    public static HttpClient Client(bool allowPrivate, int timeoutSeconds) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, allowPrivate, cancel),
    })
    {
        Timeout = TimeSpan.FromSeconds(timeoutSeconds),
    };

    /// <summary>Sends and judges within the client's time-out, the reading of the answer included. An answer that breaks off after 2xx was taken all the same.</summary>
    public static async Task<Delivery> SendAsync(HttpClient http, HttpRequestMessage request, DateTimeOffset now, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(http.Timeout);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        try
        {
            return await JudgeAsync(response, now, deadline.Token);
        }
        catch (Exception e) when (response.IsSuccessStatusCode && !cancel.IsCancellationRequested && e is IOException or HttpRequestException or OperationCanceledException)
        {
            return Delivery.Sent;
        }
    }

    /// <summary>What the answer means. Throws for what is to be tried again, and for refusals.</summary>
    private static async Task<Delivery> JudgeAsync(HttpResponseMessage response, DateTimeOffset now, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        if (status is 408 or 429 or >= 500)
        {
            var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
            throw new ChannelBusyException($"The receiver answered {status}.", wait);
        }

        if (status is < 200 or >= 300)
        {
            throw new ChannelRefusedException($"The receiver answered {status}.");
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[AnswerMax];
        var length = await stream.ReadAtLeastAsync(buffer, AnswerMax, throwOnEndOfStream: false, cancel);
        try
        {
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("delivered", out var delivered) && delivered.ValueKind == JsonValueKind.True
                ? Delivery.Delivered
                : Delivery.Sent;
        }
        catch (JsonException)
        {
            return Delivery.Sent;
        }
    }

    /// <summary>Loopback, link-local, private, carrier and multicast ranges, and what of IPv6 stands for them.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPrivate(address.MapToIPv4());
        }

        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return true;
        }

        var b = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // 64:ff9b::/96 reaches IPv4 by translation; 2002::/16 and 2001::/32 by tunnels.
            return address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6Multicast || address.IsIPv6UniqueLocal || address.IsIPv6Teredo || (b[0] == 0x20 && b[1] == 0x02)
                || (b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b);
        }

        return b[0] is 0 or 10 or 127 or >= 224 || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] is >= 64 and < 128)
            || (b[0] == 192 && b[1] == 0 && b[2] == 0) || (b[0] == 198 && b[1] is 18 or 19);
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint end, bool allowPrivate, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(end.Host, cancel);
        var allowed = addresses.Where(a => allowPrivate || !IsPrivate(a)).ToArray();
        if (allowed.Length == 0)
        {
            throw new ChannelRefusedException($"{end.Host} is at a private address ({string.Join(", ", addresses.Select(a => a.ToString()))}); AllowPrivate permits it.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, end.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

internal static class ChannelJson
{
    /// <summary>Texts in Chinese as they are: it is JSON in a file or a body, never in a page.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
