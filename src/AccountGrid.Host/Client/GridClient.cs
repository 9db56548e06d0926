using System.IO.Compression;
using System.Net;
using System.Text.Json;
using AccountGrid.Client;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Client;

/// <summary>
/// What this program's own verbs and the load tester ask of a grid by HTTP, with the API's own types. How it is asked, waited for and repeated is
/// <see cref="GridConnection"/>'s, as for any program.
/// </summary>
public sealed class GridClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly GridConnection _connection;

    public GridClient(string url, string? key, TimeProvider? time = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(url),
            Timeout = TimeSpan.FromSeconds(60)
        };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        _connection = new GridConnection(_http, time);
    }

    public string Url => _http.BaseAddress!.ToString();

    public async Task<bool> IsLiveAsync()
    {
        try
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            using var response = await _http.GetAsync("/health/live", cancel.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async Task<T> GetAsync<T>(string path)
    {
        using var response = await _connection.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path));
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    /// <summary>All rows of a list, page by page.</summary>
    public async Task<List<T>> ListAsync<T>(string path)
    {
        var rows = new List<T>();
        for (var next = path; ;)
        {
            var page = await GetAsync<Page<T>>(next);
            rows.AddRange(page.Data);
            if (!page.HasMore)
            {
                return rows;
            }

            next = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={Uri.EscapeDataString(page.NextCursor!)}";
        }
    }

    /// <summary>Posts JSON. Throws <see cref="GridException"/> for a refusal.</summary>
    public async Task<T> PostAsync<T>(string path, object body, string? idempotencyKey = null)
    {
        using var response = await _connection.SendAsync(() => Post(path, JsonContent.Create(body, body.GetType()), idempotencyKey));
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    /// <summary>
    /// Registers something under its own id: true if it is new, false if it was there just so. Throws <see cref="GridException"/> for a refusal.
    /// </summary>
    public async Task<bool> RegisterAsync(string path, object body)
    {
        using var response = await _connection.SendAsync(() => Post(path, JsonContent.Create(body, body.GetType()), null));
        return response.StatusCode == HttpStatusCode.Created;
    }

    /// <summary>Puts JSON. Throws <see cref="GridException"/> for a refusal.</summary>
    public async Task PutAsync(string path, object body)
    {
        using var response = await _connection.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, body.GetType()) });
    }

    /// <summary>Registers a tariff: whether it is new, and what a person should know of it. Throws <see cref="GridException"/> for a refusal.</summary>
    public async Task<(bool IsNew, IReadOnlyList<Warning> Warnings)> RegisterTariffAsync(object body)
    {
        using var response = await _connection.SendAsync(() => Post("/v1/tariffs", JsonContent.Create(body, body.GetType()), null));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (response.StatusCode == HttpStatusCode.Created, answer.GetProperty("warnings").Deserialize<List<Warning>>(JsonSerializerOptions.Web)!);
    }

    /// <summary>Registers accounts and meters in bulk; lines that were refused are in the answer.</summary>
    public async Task<RegistrationAnswer> RegisterManyAsync(IEnumerable<RegistrationLine> lines)
    {
        using var body = new MemoryStream();
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(body, line, RegistrationJson);
            body.WriteByte((byte)'\n');
        }

        using var response = await _connection.SendAsync(() => Post("/v1/registrations", Ndjson(body.ToArray(), isGzip: false), null));
        return (await response.Content.ReadFromJsonAsync<RegistrationAnswer>(JsonSerializerOptions.Web))!;
    }

    private static readonly JsonSerializerOptions RegistrationJson =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private static ByteArrayContent Ndjson(byte[] body, bool isGzip)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/x-ndjson");
        if (isGzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    /// <summary>Pushes a batch of NDJSON, gzipped. A batch of which nothing could be taken is an answer like any other.</summary>
    public async Task<BatchAnswer> PushAsync(ReadOnlyMemory<byte> ndjson, bool gzip = true)
    {
        var body = gzip ? Pack(ndjson.Span) : ndjson.ToArray();
        using var response =
            await _connection.SendAsync(() => Post("/v1/readings", Ndjson(body, gzip), null), accept: s => s == HttpStatusCode.UnprocessableEntity);
        return (await response.Content.ReadFromJsonAsync<BatchAnswer>(JsonSerializerOptions.Web))!;
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Post(string path, HttpContent content, string? idempotencyKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return request;
    }

    private static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
