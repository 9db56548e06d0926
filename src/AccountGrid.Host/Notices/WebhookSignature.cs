using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace AccountGrid.Host.Notices;

/// <summary>
/// The signature of Standard Webhooks: <c>v1,</c> and base64 of HMAC-SHA256 over <c>id.timestamp.body</c>; one for each secret, separated by spaces.
/// </summary>
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
        return string.Join(' ',
            secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(s), signed))));
    }

    /// <summary>Null where a secret is what it should be; else what is wrong.</summary>
    public static string? Problem(string secrets)
    {
        foreach (var secret in secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Span<byte> key = new byte[96];
            if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || !Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length)
                || length is < 24 or > 64)
            {
                return $"Notices__Webhook__Secret: a secret is not {Prefix} and base64 of 24 to 64 bytes.";
            }
        }

        return secrets.Length == 0 ? "Notices__Webhook__Secret: a webhook needs a secret to sign with." : null;
    }

    private static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[Prefix.Length..]);
}
