using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AccountGrid.Host.Notices;

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

    /// <summary>
    /// Sends and judges within the client's time-out, the reading of the answer included. An answer that breaks off after 2xx was taken all the same.
    /// </summary>
    public static async Task<Delivery> SendAsync(HttpClient http, HttpRequestMessage request, DateTimeOffset now, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(http.Timeout);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        try
        {
            return await JudgeAsync(response, now, deadline.Token);
        }
        catch (Exception e) when (response.IsSuccessStatusCode && !cancel.IsCancellationRequested
            && e is IOException or HttpRequestException or OperationCanceledException)
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
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("delivered", out var delivered)
                && delivered.ValueKind == JsonValueKind.True
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
            // 64:ff9b::/96 reaches IPv4 by translation; 2002::/16 and 2001::/32 by tunnels; ::/96 is an old way to write IPv4.
            return address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6Multicast || address.IsIPv6UniqueLocal || address.IsIPv6Teredo
                || (b[0] == 0x20 && b[1] == 0x02)
                || (b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b)
                || Array.TrueForAll(b[..12], x => x == 0);
        }

        return b[0] is 0 or 10 or 127 or >= 224 || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254)
            || (b[0] == 100 && b[1] is >= 64 and < 128)
            || (b[0] == 192 && b[1] == 0 && b[2] == 0) || (b[0] == 198 && b[1] is 18 or 19);
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint end, bool allowPrivate, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(end.Host, cancel);
        var allowed = addresses.Where(a => allowPrivate || !IsPrivate(a)).ToArray();
        if (allowed.Length == 0)
        {
            throw new ChannelRefusedException(
                $"{end.Host} is at a private address ({string.Join(", ", addresses.Select(a => a.ToString()))}); AllowPrivate permits it.");
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
