using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Client;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests;

/// <summary>Whatever a gateway may send: a clear answer, and never a neighbour harmed.</summary>
public sealed class ReadingInputTests(GridFixture grid)
{
    [Theory]
    [InlineData("""{"meter":17,"ts":1772323200000,"value":1}""", "reading.meter_invalid")]
    [InlineData("""{"meter":"","ts":1772323200000,"value":1}""", "reading.meter_invalid")]
    [InlineData("""{"meter":"a-name-that-has-more-than-thirty-two-characters","ts":1772323200000,"value":1}""", "reading.meter_invalid")]
    [InlineData("""{"ts":1772323200000,"value":1}""", "reading.meter_missing")]
    [InlineData("""{"meter":"nobody","ts":1772323200000,"value":1}""", "reading.meter_unknown")]
    [InlineData("""{"meter":"IN1","value":1}""", "reading.time_missing")]
    [InlineData("""{"meter":"IN1","ts":"yesterday","value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":"2026-03-02T00:00:00","value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":12.5,"value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":-1,"value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":4102444800000,"value":1}""", "reading.time_in_future")]
    [InlineData("""{"meter":"IN1","ts":1772323200000}""", "reading.value_missing")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":-1}""", "reading.value_out_of_range")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1.5}""", "reading.value_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":"1.5"}""", "reading.value_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1e300}""", "reading.value_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":99999999999999999999}""", "reading.value_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":9000000000000000000}""", "reading.value_out_of_range")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":9000000000000,"scale":6}""", "reading.value_out_of_range")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"scale":7}""", "reading.scale_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"scale":"0"}""", "reading.scale_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"4.8.0"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":18}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"unit":"kWh"}""", "reading.unit_unsupported")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"q":"valid"}""", "reading.quality_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"q":["excellent"]}""", "reading.quality_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"q":[{"a":[1]}]}""", "reading.quality_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"rev":300}""", "reading.revision_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"seq":-1}""", "reading.sequence_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"read_at":"now"}""", "reading.read_at_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1""", "reading.json_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1} {}""", "reading.json_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"ext":[[[[[[1]]]]]]}""", "reading.too_deep")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"x":[[[[[[1]]]]]]}""", "reading.field_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis_code":"2.8.0"}""", "reading.field_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"quality":["estimated"]}""", "reading.field_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"value":2}""", "reading.field_repeated")]
    [InlineData("""{"meter":"IN1","ts":"05/11/2026 02:00:00Z","value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":"5 Nov 2026 02:00:00 +08:00","value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":"2026-03-01 02:00:00 GMT","value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200,"value":1}""", "reading.time_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"read_at":"05/11/2026 02:00:00Z"}""", "reading.read_at_invalid")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"1.8.0*01"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"1-0:1.8.0*99"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"1.0.1.8.0.1"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"7-0:1.8.0"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"7.0.1.8.0.255"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"1-2:1.8.0"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"1.8-0"}""", "reading.register_unknown")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"1-0:1.8.1*255"}""", "reading.register_not_charged")]
    [InlineData("""{"meter":"IN1","ts":1772323200000,"value":1,"obis":"1.8.2"}""", "reading.register_not_charged")]
    [InlineData("""[1,2]""", "reading.not_an_object")]
    [InlineData("""NaN""", "reading.json_invalid")]
    public async Task A_wrong_line_is_named_with_its_code_and_the_good_ones_count(string line, string code)
    {
        await grid.OpenAsync("IN1");
        var body = "{\"meter\":\"IN1\",\"ts\":1772330400000,\"value\":10}\n" + line + "\n{\"meter\":\"IN1\",\"ts\":1772334000000,\"value\":20}";
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson(Encoding.UTF8.GetBytes(body)));
        Assert.Equal(200, status);
        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(1, answer.GetProperty("rejected").GetInt32());
        var error = answer.GetProperty("errors")[0];
        Assert.Equal((2, code), (error.GetProperty("line").GetInt32(), error.GetProperty("code").GetString()));
        Assert.NotEmpty(error.GetProperty("detail").GetString()!);
        Assert.Equal(Resend.Of(RefusalCatalogue.Find(code)), error.GetProperty("resend").GetString());
        (status, _) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson(Encoding.UTF8.GetBytes(line)));
        Assert.Equal(422, status);
    }

    [Theory]
    [InlineData("reading.meter_unknown", "later")]
    [InlineData("reading.meter_not_yours", "later")]
    [InlineData("reading.time_in_future", "later")]
    [InlineData("reading.register_not_charged", "never")]
    [InlineData("reading.value_invalid", "corrected")]
    [InlineData("reading.json_invalid", "corrected")]
    public void A_code_says_what_the_sender_does_with_the_line(string code, string resend) => Assert.Equal(resend, Resend.Of(RefusalCatalogue.Find(code)));

    [Fact]
    public async Task A_gateway_that_keeps_what_is_asked_for_later_loses_nothing_of_a_meter_that_is_registered_late()
    {
        await grid.OpenAsync("IN9");
        var lines = Enumerable.Range(1, 1_500).Select(i => $"{{\"meter\":\"IN9-LATE\",\"ts\":{1772323200000 + (i * 60_000)},\"value\":{i}}}").ToList();
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        var later = answer.GetProperty("errors").EnumerateArray().Where(e => e.GetProperty("resend").GetString() == "later")
            .Select(e => lines[e.GetProperty("line").GetInt32() - 1]).ToList();
        Assert.Equal((422, 1_500), (status, later.Count));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest("IN9-LATE", "G1", "IN9", DateTimeOffset.FromUnixTimeMilliseconds(1772323200000)));
        (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson(Encoding.UTF8.GetBytes(string.Join('\n', later))));
        Assert.Equal((200, 1_500), (status, answer.GetProperty("accepted").GetInt32()));
        await grid.BalanceAsync("IN9", "-0.750000000");
    }

    [Fact]
    public async Task Of_lines_that_will_never_be_taken_as_they_are_the_first_thousand_are_named()
    {
        var lines = Enumerable.Repeat("{}", 1_100).Append("{\"meter\":\"nobody\",\"ts\":1772323200000,\"value\":1}");
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        Assert.Equal((422, 1_101, 1_001), (status, answer.GetProperty("rejected").GetInt32(), answer.GetProperty("errors").GetArrayLength()));
    }

    [Theory]
    [InlineData("1.8.0")]
    [InlineData("1-0:1.8.0*255")]
    [InlineData("1.0.1.8.0.255")]
    [InlineData("1-0:1.8.0")]
    [InlineData("1-1:1.8.0*255")]
    public async Task Codes_of_the_import_register_are_understood(string obis)
    {
        await grid.OpenAsync("IN1");
        var answer =
            await grid.Admin.PushAsync(
                Encoding.UTF8.GetBytes(
                    $"{{\"meter\":\"IN1\",\"obis\":\"{obis}\",\"ts\":1772330400000,\"value\":\"10000\",\"scale\":-3,\"unit\":\"Wh\","
                        + $"\"q\":[\"valid\",\"1.1.9\"],\"seq\":1,\"rev\":0,\"read_at\":\"2026-03-01T02:00:01Z\",\"ext\":{{\"a\":1}}}}"));
        Assert.Equal((1, 0), (answer.Accepted, answer.Rejected));
    }

    [Fact]
    public async Task One_bad_item_among_a_thousand_spoils_nothing_in_either_form()
    {
        await grid.OpenAsync("IN2");
        var lines = Enumerable.Range(1, 1_000)
            .Select(
                i => i == 500 ? "{\"meter\":\"IN2\",\"ts\":true,\"value\":1}" : $"{{\"meter\":\"IN2\",\"ts\":{1772323200000 + (i * 60_000)},\"value\":{i}}}")
            .ToList();
        var (status, ndjson) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        Assert.Equal((200, 999, 500), (status, ndjson.GetProperty("accepted").GetInt32(), ndjson.GetProperty("errors")[0].GetProperty("line").GetInt32()));
        (status, var json) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Json($"{{\"readings\":[{string.Join(',', lines)}]}}"));
        Assert.Equal((200, 999, 500), (status, json.GetProperty("accepted").GetInt32(), json.GetProperty("errors")[0].GetProperty("line").GetInt32()));
        await grid.BalanceAsync("IN2", "-0.500000000");
    }

    [Fact]
    public async Task A_deeply_nested_field_spoils_its_own_reading_only()
    {
        await grid.OpenAsync("IN8");
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Json(
            "{\"readings\":[{\"meter\":\"IN8\",\"ts\":1772330400000,\"value\":1,\"ext\":{\"a\":{\"b\":1}}},"
                + "{\"meter\":\"IN8\",\"ts\":1772334000000,\"value\":2,\"ext\":[[[[[[1]]]]]]},{\"meter\":\"IN8\",\"ts\":1772337600000,\"value\":3}]}"));
        Assert.Equal((200, 2, "reading.too_deep"),
            (status, answer.GetProperty("accepted").GetInt32(), answer.GetProperty("errors")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Invalid_utf8_is_one_lines_fault_in_either_form()
    {
        await grid.OpenAsync("IN3");
        byte[] bad = [.. "{\"meter\":\"IN"u8, 0xff, 0xfe, .. "\",\"ts\":1772330400000,\"value\":1}"u8];
        byte[] badObis = [.. "{\"meter\":\"IN3\",\"obis\":\"1."u8, 0xc3, 0x28, .. "\",\"ts\":1772330400000,\"value\":1}"u8];
        byte[] good = [.. "{\"meter\":\"IN3\",\"ts\":1772330400000,\"value\":7}"u8];
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson([.. bad, (byte)'\n', .. badObis, (byte)'\n', .. good]));
        Assert.Equal((200, 1, 2), (status, answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        (status, answer) =
            await grid.SendAsync(HttpMethod.Post, "/v1/readings", Json([.. "{\"readings\":["u8, .. bad, (byte)',', .. badObis, (byte)',', .. good, .. "]}"u8]));
        Assert.Equal((200, 1, 2), (status, answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task A_broken_gzip_a_bomb_and_a_body_of_100_MB_are_refused_whole()
    {
        var packed = Gzip(Encoding.UTF8.GetBytes("{\"meter\":\"IN1\",\"ts\":1772330400000,\"value\":10}\n"));
        Assert.Equal((400, "body.gzip_invalid"), await RefusedAsync(Ndjson([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "gzip")));
        for (var length = 0; length < packed.Length; length++)
        {
            Assert.Equal((400, "body.gzip_invalid"), await RefusedAsync(Ndjson(packed[..length], "gzip")));
        }

        await grid.OpenAsync("IN1");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/readings", Ndjson(packed, "gzip"))).Status);
        Assert.Equal((413, "body.too_large"), await RefusedAsync(Ndjson(Gzip(new byte[100 << 20]), "gzip")));
        Assert.Equal((415, "body.encoding_unsupported"), await RefusedAsync(Ndjson(packed, "br")));

        // Asked first whether it may send, the client hears the refusal instead of a connection that is closed while it writes.
        using var large =
            new HttpRequestMessage(HttpMethod.Post, "/v1/readings") { Content = Ndjson(new byte[100 << 20]), Headers = { ExpectContinue = true } };
        using var response = await grid.Http.SendAsync(large);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body.too_large"), (response.StatusCode, problem.RootElement.GetProperty("code").GetString()));

        var (status, _) = await grid.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Bodies_that_are_no_batch_are_refused_with_their_reason()
    {
        Assert.Equal((415, "body.type_unsupported"), await RefusedAsync(new StringContent("x", Encoding.UTF8, "text/plain")));
        Assert.Equal((400, "batch.empty"), await RefusedAsync(Ndjson("\n\n"u8.ToArray())));
        Assert.Equal((400, "body.json_invalid"), await RefusedAsync(Json("{\"readings\":{}}")));
        Assert.Equal((400, "body.json_invalid"), await RefusedAsync(Json("{}")));
        Assert.Equal((400, "body.json_invalid"), await RefusedAsync(Json("{\"gateway\":\"G1\",\"readings\":[]}")));
        Assert.Equal((400, "body.json_invalid"), await RefusedAsync(Json("{\"readings\":[],\"readings\":[]}")));
        Assert.Equal((400, "body.json_invalid"), await RefusedAsync(Json("[]")));
        Assert.Equal((400, "body.json_invalid"), await RefusedAsync(Json("{\"readings\":[{\"meter\"")));
        var many = string.Concat(Enumerable.Repeat("{\"meter\":\"x\",\"ts\":1772330400000,\"value\":10}\n", IngestLimits.ItemsMax + 1));
        Assert.Equal((413, "batch.too_many_items"), await RefusedAsync(Ndjson(Encoding.UTF8.GetBytes(many))));
    }

    [Fact]
    public async Task A_gateway_pushes_its_own_meters_only()
    {
        await grid.OpenAsync("IN4");
        var key = (await grid.Admin.PostAsync<Security.KeyAnswer>("/v1/keys", new Security.CreateKeyRequest("gateway", "other", "G2"))).Key;
        using var other = new GridClient(grid.Host.Url, key);
        var answer = await other.PushAsync("{\"meter\":\"IN4\",\"ts\":1772330400000,\"value\":10}"u8.ToArray());
        Assert.Equal((0, "reading.meter_not_yours"), (answer.Accepted, answer.Errors[0].Code));
    }

    [Fact]
    public async Task The_same_reading_twice_in_one_batch_is_a_duplicate()
    {
        await grid.OpenAsync("IN5");
        var line = "{\"meter\":\"IN5\",\"ts\":1772330400000,\"value\":10}\n";
        var answer = await grid.Admin.PushAsync(Encoding.UTF8.GetBytes(line + line));
        Assert.Equal((1, 1), (answer.Accepted, answer.Duplicates));
    }

    [Fact]
    public async Task Under_pressure_a_batch_is_refused_whole_with_a_time_to_wait()
    {
        await grid.OpenAsync("IN7");
        var log = grid.Host.Services.GetRequiredService<Streams.Postgres.PostgresLog>();
        var usual = log.Options.LagMax;
        var body = "{\"meter\":\"IN7\",\"ts\":1772330400000,\"value\":10}"u8.ToArray();
        log.Options.LagMax = -1;
        try
        {
            using var response = await grid.Http.PostAsync("/v1/readings", Ndjson(body));
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
        finally
        {
            log.Options.LagMax = usual;
        }

        Assert.Equal(1, (await grid.Admin.PushAsync(body)).Accepted);
    }

    /// <summary>Seeded damage to good bodies: never a server error, never a hang.</summary>
    [Fact]
    public async Task Ten_thousand_damaged_bodies_bring_no_server_error()
    {
        await grid.OpenAsync("IN6");
        var random = new Random(20_261_123);
        var good = Encoding.UTF8.GetBytes(
            "{\"readings\":[{\"meter\":\"IN6\",\"obis\":\"1.8.0\",\"ts\":1772330400000,\"value\":10,\"scale\":0,"
                + "\"unit\":\"Wh\",\"q\":[\"valid\"],\"seq\":1,\"rev\":0,\"read_at\":1772330400000}]}");
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = good.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var (batch, refusal) = BatchReader.Parse(bytes.AsSpan(0, random.Next(1, bytes.Length + 1)), random.Next(2) == 0, 1_800_000_000_000);
            Assert.True(batch is null != refusal is null);
        }

        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", Json(good));
        Assert.Equal((200, 1), (status, answer.GetProperty("accepted").GetInt32()));
    }

    private async Task<(int Status, string Code)> RefusedAsync(HttpContent content)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/readings", content);
        return (status, body.ValueKind == JsonValueKind.Object ? body.GetProperty("code").GetString()! : "");
    }

    private static ByteArrayContent Ndjson(byte[] bytes, string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return content;
    }

    private static ByteArrayContent Json(string text) => Json(Encoding.UTF8.GetBytes(text));

    private static ByteArrayContent Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
