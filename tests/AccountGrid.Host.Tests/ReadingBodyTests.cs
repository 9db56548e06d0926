using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Ingest;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests;

/// <summary>Bodies as programs really send them: with a byte order mark, in several gzip members, slowly.</summary>
public sealed class ReadingBodyTests(GridFixture grid)
{
    private const string First = "{\"meter\":\"BODY1\",\"ts\":\"2026-03-01T01:00:00+08:00\",\"value\":1000}\n";
    private const string Second = "{\"meter\":\"BODY1\",\"ts\":\"2026-03-01T02:00:00+08:00\",\"value\":2000}\n";

    [Theory]
    [InlineData("application/x-ndjson", "", "")]
    [InlineData("application/json", "{\"readings\":[", "]}")]
    public async Task A_byte_order_mark_costs_no_reading(string type, string before, string after)
    {
        await grid.OpenAsync("BODY1");
        var text = type == "application/json" ? First.TrimEnd() + "," + Second : First + Second;
        var (status, answer) = await SendAsync([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(before + text + after)], type);
        Assert.Equal((200, 2), (status, answer.GetProperty("accepted").GetInt32()));
    }

    [Fact]
    public async Task Text_in_UTF_16_is_refused_for_its_encoding()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            var (status, problem) = await SendAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(First)]);
            Assert.Equal((415, "body.charset_unsupported"), (status, problem.GetProperty("code").GetString()));
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("X-GZIP")]
    public async Task Several_gzip_members_are_one_body(string encoding)
    {
        await grid.OpenAsync("BODY1");
        var (status, answer) = await SendAsync([.. Gzip(First), .. Gzip(""), .. Gzip(Second)], encoding: encoding);
        Assert.Equal((200, 2), (status, answer.GetProperty("accepted").GetInt32()));
    }

    [Fact]
    public async Task Several_members_of_which_the_last_is_cut_off_are_refused()
    {
        byte[] whole = [.. Gzip(First), .. Gzip(Second)];
        for (var length = Gzip(First).Length + 1; length < whole.Length; length++)
        {
            await RefusedAsync(whole[..length]);
        }

        await RefusedAsync([.. whole, 1, 2, 3]);
        await RefusedAsync([.. whole, .. new byte[20]]);
        whole[^1]++;
        await RefusedAsync(whole);
    }

    [Fact]
    public async Task A_member_with_every_field_that_a_header_can_have_is_read()
    {
        await grid.OpenAsync("BODY1");
        var plain = Gzip(Second);
        byte[] header = [0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 255, 3, 0, 1, 2, 3, .. "name\0"u8, .. "comment\0"u8, 0, 0];
        byte[] body = [.. Gzip(First), .. header, .. plain[10..]];
        Assert.True(GzipMembers.AreWhole(body, body.Length));
        Assert.False(GzipMembers.AreWhole(body, Gzip(First).Length + header.Length - 1));
    }

    /// <summary>
    /// A limit for the whole request would cut off whoever needs longer for its upload, and each time again; too slow an upload is ended by its rate.
    /// </summary>
    [Theory]
    [InlineData("/v1/readings")]
    [InlineData("/v1/registrations")]
    public void An_upload_may_take_the_time_that_its_line_needs(string path)
    {
        var endpoint =
            grid.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Single(e => e.RoutePattern.RawText == path);
        Assert.NotNull(endpoint.Metadata.GetMetadata<DisableRequestTimeoutAttribute>());
    }

    [Fact]
    public async Task A_meter_that_sends_only_time_of_use_registers_is_told_so_for_each_reading()
    {
        await grid.OpenAsync("BODY2");
        var lines =
            "{\"meter\":\"BODY2\",\"obis\":\"1.8.1\",\"ts\":\"2026-03-01T01:00:00+08:00\",\"value\":1000}\n"
                + "{\"meter\":\"BODY2\",\"obis\":\"1.8.2\",\"ts\":\"2026-03-01T01:00:00+08:00\",\"value\":500}\n";
        var (status, answer) = await SendAsync(Encoding.UTF8.GetBytes(lines));
        Assert.Equal((422, 2), (status, answer.GetProperty("rejected").GetInt32()));
        Assert.All(answer.GetProperty("errors").EnumerateArray(),
            e => Assert.Contains("but the meter is charged by 1.8.0", e.GetProperty("detail").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_cases_of_the_trials_are_taken()
    {
        if (SharedCases.Find("14-bom.ndjson") is not { } marked || SharedCases.Find("15-two-members.ndjson.gz") is not { } packed)
        {
            Assert.Skip(SharedCases.Missing);
            return;
        }

        foreach (var meter in new[] { "BM1", "GZ1" })
        {
            await grid.OpenAsync(meter, "2026-03-01T00:00:00+08:00");
        }

        Assert.Equal(2, (await SendAsync(await File.ReadAllBytesAsync(marked))).Body.GetProperty("accepted").GetInt32());
        Assert.Equal(2, (await SendAsync(await File.ReadAllBytesAsync(packed), encoding: "gzip")).Body.GetProperty("accepted").GetInt32());
    }

    private async Task RefusedAsync(byte[] body)
    {
        var (status, problem) = await SendAsync(body, encoding: "gzip");
        Assert.Equal((400, "body.gzip_invalid"), (status, problem.GetProperty("code").GetString()));
    }

    private Task<(int Status, JsonElement Body)> SendAsync(byte[] bytes, string type = "application/x-ndjson", string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return grid.SendAsync(HttpMethod.Post, "/v1/readings", content);
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
