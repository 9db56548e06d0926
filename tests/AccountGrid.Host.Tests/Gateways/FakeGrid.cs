using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>Answers a gateway's requests as a test says, and keeps what was taken.</summary>
internal sealed class FakeGrid : HttpMessageHandler
{
    private readonly Lock _lock = new();

    /// <summary>Instead of the answer of a grid that takes all; null goes on to that.</summary>
    public Func<IReadOnlyList<string>, HttpResponseMessage?> Answer { get; set; } = _ => null;

    /// <summary>Code and what to do about it, for a line; null takes it.</summary>
    public Func<string, (string Code, string Resend)?> Judge { get; set; } = _ => null;

    public List<string> Taken { get; } = [];

    /// <summary>What its answers say that the time is; null is nothing.</summary>
    public DateTimeOffset? Clock { get; set; }

    public int Requests { get; private set; }

    public HttpClient Client() => new(this, disposeHandler: false) { BaseAddress = new Uri("http://grid.test") };

    public static HttpResponseMessage Problem(HttpStatusCode status, string code) => new(status)
    {
        Content = new StringContent($$"""{"code":"{{code}}","detail":"It is so.","traceId":"t"}""", Encoding.UTF8, "application/problem+json"),
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(await request.Content!.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var lines = (await reader.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lock (_lock)
        {
            Requests++;
            if (Answer(lines) is { } other)
            {
                return other;
            }

            var errors = lines.Select((l, i) => (Line: i + 1, Said: Judge(l))).Where(e => e.Said is not null)
                .Select(e => new { line = e.Line, code = e.Said!.Value.Code, detail = "It is so.", resend = e.Said.Value.Resend }).ToList();
            Taken.AddRange(lines.Where((_, i) => errors.TrueForAll(e => e.line != i + 1)));
            var accepted = lines.Length - errors.Count;
            var body = JsonSerializer.Serialize(new { batchId = "b", accepted, duplicates = 0, rejected = errors.Count, errors });
            var answer = new HttpResponseMessage(accepted > 0 ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            answer.Headers.Date = Clock;
            return answer;
        }
    }
}
