using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AccountGrid.Host.Tests;

/// <summary>
/// Every endpoint that takes a body is sent, from its own declared type, what it does not understand: it answers 400 and names the member, and never the
/// grid's own error. A new endpoint is among them without being listed.
/// </summary>
public sealed class ApiInputTests(GridFixture grid)
{
    private const int MembersMax = 40;

    private JsonSerializerOptions Options =>
        grid.Host.Services.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;

    private IEnumerable<RouteEndpoint> Endpoints => grid.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private List<(string Method, string Path, Type Type)> Bodies =>
    [
        .. Endpoints.Select(e => (Endpoint: e, Accepts: e.Metadata.GetMetadata<IAcceptsMetadata>()))
            .Where(e => e.Accepts is { RequestType: { } type } accepts && type != typeof(string) && accepts.ContentTypes.Contains("application/json"))
            .Select(e => (e.Endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0], PathOf(e.Endpoint), e.Accepts!.RequestType!)),
    ];

    [Fact]
    public async Task What_an_endpoint_does_not_understand_is_refused_by_name()
    {
        var bodies = Bodies;
        Assert.True(bodies.Count >= 25, $"Only {bodies.Count} endpoints take a body.");
        var wrong = new List<string>();
        foreach (var (method, path, type) in bodies)
        {
            foreach (var (what, json, field) in Spoilt(type))
            {
                var (status, body) = await SendAsync(method, path, json);
                var detail = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("detail", out var d) ? d.GetString()! : "";
                if (status is not (400 or 422) || !detail.Contains(field, StringComparison.Ordinal) || detail.Contains("AccountGrid.", StringComparison.Ordinal)
                    || detail.Contains("System.", StringComparison.Ordinal))
                {
                    wrong.Add($"{method} {path}, {what}: {status} {detail}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(30)));
    }

    [Theory]
    [InlineData("/v1/accounts/A1/entries?lmit=1", "lmit: there is no such parameter; did you mean limit? known are limit, cursor.")]
    [InlineData("/v1/accounts/A1/balance?afer=7", "afer: there is no such parameter; did you mean after? known are after.")]
    [InlineData("/v1/operations/cuts?limit=1", "limit: there is no such parameter; this endpoint takes none.")]
    [InlineData("/v1/audit?limit=1&limit=2", "limit: the parameter is given twice; give it once.")]
    public async Task A_parameter_of_the_query_that_is_unknown_or_comes_twice_is_refused_by_name(string path, string detail)
    {
        var answer = await grid.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(detail, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Each_endpoint_of_the_API_refuses_a_parameter_that_it_does_not_know()
    {
        var wrong = new List<string>();
        foreach (var endpoint in Endpoints.Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var content = new ByteArrayContent("{}"u8.ToArray());
            content.Headers.ContentType = new(endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0] ?? "application/json");
            var (status, body) = await grid.SendAsync(new HttpMethod(method), $"{PathOf(endpoint)}?nosuch=1", content);
            if (status != 400 || body.GetProperty("code").GetString() != "request.parameter_unknown")
            {
                wrong.Add($"{method} {endpoint.RoutePattern.RawText}: {status} {body}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_line_of_a_batch_is_refused_where_it_has_a_member_that_is_not_known()
    {
        await grid.OpenAsync("LINE-1");
        var readings = await grid.Admin.PushAsync(Encoding.UTF8.GetBytes(
            """
            {"meter":"LINE-1","ts":"2026-03-02T00:00:00Z","value":1,"qualty":"ok"}
            {"meter":"LINE-1","ts":"2026-03-02T01:00:00Z","value":2}

            """));
        Assert.Equal(1, readings.Accepted);
        Assert.Contains("qualty", Assert.Single(readings.Errors).Detail, StringComparison.Ordinal);
        using var lines = new StringContent("""{"account":{"id":"LINE-2","tariff":"flat","openedOn":"2026-03-01","houseoldSize":2}}""", Encoding.UTF8);
        lines.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        var (_, registered) = await grid.SendAsync(HttpMethod.Post, "/v1/registrations", lines);
        Assert.Contains("houseoldSize: there is no such member; did you mean householdSize?", registered.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "b")]
    public void Two_idempotency_keys_are_none(string first, string second)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["Idempotency-Key"] = new([first, second]);
        Assert.Equal("Idempotency-Key: the header is given twice; give it once.", Requests.CheckKey(http, out _)?.Detail);
    }

    [Fact]
    public async Task Whatever_stands_in_a_text_is_never_the_grids_own_error()
    {
        string[] texts = ["", ".", "..", "\\", "sealed:AAAA", "79228162514264337593543", "-79228162514264337593543", "9223372036854775808", "1e400", "\u0000",
            "0001-01-01", "a-1", new string('9', 300), "١٢"];
        var wrong = new List<string>();
        foreach (var (method, path, type) in Bodies)
        {
            foreach (var text in texts)
            {
                var body = (JsonObject)Sample(type, text)!;
                var (status, answer) = await SendAsync(method, path, body.ToJsonString());
                if (status >= 500)
                {
                    wrong.Add($"{method} {path}, '{text}': {status} {answer}");
                }
            }
        }

        // One of the requests was right and has stopped all cuts: other tests share the grid.
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/operations/cuts", new Supply.CutsRequest(false, "over"))).Status);
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(30)));
    }

    [Fact]
    public async Task Wrong_query_values_are_named_without_the_frameworks_words()
    {
        (string Path, string Field)[] asked =
        [
            ("/v1/accounts/any/balance?after=abc", "after"), ("/v1/accounts/any/entries?limit=x", "limit"), ("/v1/meters/any/days?from=01/02/2026", "from"),
            ("/v1/meters/any/days?to=2026-3-1", "to"), ("/v1/exceptions?open=maybe", "open"),
            ("/v1/cases?limit=99999999999999999999", "limit"), ("/v1/gateways/G1/commands?wait=soon", "wait"),
        ];
        foreach (var (path, field) in asked)
        {
            var (status, body) = await grid.SendAsync(HttpMethod.Get, path);
            var detail = body.GetProperty("detail").GetString()!;
            Assert.Equal(400, status);
            Assert.StartsWith($"{field}: '", detail, StringComparison.Ordinal);
            Assert.DoesNotContain("Nullable", detail, StringComparison.Ordinal);
            Assert.DoesNotContain("parameter", detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/v1/nowhere", null, 404, "route.unknown")]
    [InlineData("DELETE", "/v1/tariffs", null, 405, "method.not_allowed")]
    [InlineData("PATCH", "/v1/accounts/X", null, 405, "method.not_allowed")]
    [InlineData("POST", "/v1/accounts/X/payments", "text/csv", 415, "body.type_unsupported")]
    [InlineData("POST", "/v1/accounts/X/payments", "application/json; charset=utf-16", 415, "body.charset_unsupported")]
    [InlineData("POST", "/v1/tariffs", "application/json", 403, "key.not_allowed")]
    public async Task A_key_that_is_no_administrators_is_told_what_is_wrong_and_not_that_it_may_not(string method, string path, string? type, int status,
        string code)
    {
        var key = (await grid.Admin.PostAsync<Security.KeyAnswer>("/v1/keys", new Security.CreateKeyRequest("client", "who may ask"))).Key;
        using var client = grid.WithKey(key);
        using var content = type is null ? null : new ByteArrayContent("{}"u8.ToArray());
        content?.Headers.ContentType = MediaTypeHeaderValue.Parse(type!);

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = content });
        Assert.Equal((status, code),
            ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_said_of_what_there_is()
    {
        using var stranger = grid.WithKey(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/v1/nowhere")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.DeleteAsync("/v1/tariffs")).StatusCode);
    }

    [Fact]
    public void Every_endpoint_names_its_own_policy() =>
        Assert.All(Endpoints,
            e => Assert.True(
                e.Metadata.GetMetadata<IAllowAnonymous>() is not null || e.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy is not null),
                e.RoutePattern.RawText));

    private static string PathOf(RouteEndpoint endpoint) => System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, @"\{(\w+)(:\w+)?\}",
        m => m.Groups[2].Value is ":int" or ":long" ? "7" : Guid.Empty.ToString()).TrimEnd('/');

    private async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, string json)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await grid.SendAsync(new HttpMethod(method), path, content, key: Guid.NewGuid().ToString());
    }

    /// <summary>Bodies that are right but for one thing, with the member that the answer must name.</summary>
    private IEnumerable<(string What, string Json, string Field)> Spoilt(Type type)
    {
        var right = (JsonObject)Sample(type, "1")!;
        var text = right.ToJsonString();
        yield return ("no body", "", "body");
        yield return ("null", "null", "body");
        yield return ("a list", "[]", "body");
        yield return ("cut off", text[..^1], "JSON");
        foreach (var (path, holder, member) in Members(right, "").Take(MembersMax).Reverse().ToList())
        {
            var was = holder[member];
            holder.Remove(member);
            holder[$"{member}X"] = 1;
            yield return ($"{path} unknown", right.ToJsonString(), $"{path}X");
            holder.Remove($"{member}X");
            holder["twice"] = "here";
            holder[member] = was;
            var twice = right.ToJsonString().Replace("\"twice\":\"here\"", $"\"{member}\":{was!.ToJsonString()}", StringComparison.Ordinal);
            yield return ($"{path} twice", twice, path);
            holder.Remove("twice");
            // What may be any JSON is judged by what it is for.
            JsonNode?[] values = IsAnyJson(type, member) ? [] : was is JsonArray
                ? [new JsonArray([null]), 1]
                : was is JsonObject
                ? [1, new JsonArray()]
                : [new JsonObject(), new JsonArray(), JsonNode.Parse("1e400"), JsonNode.Parse("99999999999999999999999"),
                    was.GetValueKind() == JsonValueKind.String ? 7 : "7"];
            foreach (var value in values)
            {
                holder[member] = value;
                yield return ($"{path} = {value?.ToJsonString()}", right.ToJsonString(), path);
            }

            holder[member] = was.DeepClone();
        }
    }

    private static bool IsAnyJson(Type type, string member) =>
        type.GetProperties().Any(p => p.PropertyType == typeof(JsonElement) && p.Name.Equals(member, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<(string Path, JsonObject Holder, string Member)> Members(JsonObject from, string prefix)
    {
        foreach (var (name, value) in from.ToList())
        {
            yield return (prefix + name, from, name);
            if (value is JsonObject inner)
            {
                foreach (var member in Members(inner, $"{prefix}{name}."))
                {
                    yield return member;
                }
            }
            else if (value is JsonArray { Count: > 0 } list && list[0] is JsonObject item)
            {
                foreach (var member in Members(item, $"{prefix}{name}[0]."))
                {
                    yield return member;
                }
            }
        }
    }

    /// <summary>A body with every member of a type.</summary>
    private JsonNode? Sample(Type type, string text)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string))
        {
            return text;
        }

        if (plain == typeof(bool))
        {
            return true;
        }

        if (plain == typeof(DateOnly))
        {
            return "2026-03-01";
        }

        if (plain == typeof(DateTimeOffset))
        {
            return "2026-03-01T00:00:00Z";
        }

        var info = Options.GetTypeInfo(plain);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new JsonArray(Sample(info.ElementType!, text)),
            JsonTypeInfoKind.Dictionary => new JsonObject(),
            JsonTypeInfoKind.Object => new JsonObject(
                info.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null)
                    .Select(p => KeyValuePair.Create(p.Name, Sample(p.PropertyType, text)))),
            _ => 1,
        };
    }
}
