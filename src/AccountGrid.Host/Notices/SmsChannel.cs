using System.Net.Http.Headers;
using System.Text.Json;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Notices;

/// <summary>
/// SMS over HTTP in one vendor-neutral shape: POST <c>{"id","to","text"}</c> with a bearer token; the answer 2xx with <c>{"delivered":true}</c> or without. A
/// small adapter in front of a vendor's own API speaks it; the vendor's later word on delivery goes to <c>POST /v1/notices/{id}/delivery</c>.
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
