using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>Files that are sent to the API, and the job that says what came of each.</summary>
public sealed class MeterFileApiTests(GridFixture grid)
{
    [Fact]
    public async Task A_file_is_read_by_a_job_and_again_it_is_nothing()
    {
        await SameDayTests.OpenAsync(grid, "MF1");
        var result = await DoneAsync(await SendAsync(DayOfData.Nem12("MF1")));
        Assert.Equal((1, DayOfData.Count, DayOfData.Count, 0, true), (result.Meters, result.Values, result.Accepted, result.Refused, result.Settled));
        Assert.Equal(1, result.Passed["channel Q1: no active energy"]);
        await ChargedAsync("MF1");

        result = await DoneAsync(await SendAsync(Pack(DayOfData.Nem12("MF1"))));
        Assert.Equal(0, result.Refused);
        await ChargedAsync("MF1");
    }

    [Fact]
    public async Task Halves_of_a_day_come_in_any_order_and_what_does_not_fit_is_named()
    {
        await SameDayTests.OpenAsync(grid, "MF2");
        var rows = DayOfData.Intervals("MF2").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (first, second) = (string.Join('\n', rows[..25]), string.Join('\n', rows[25..].Prepend(rows[0])));

        var waits = Assert.Single((await DoneAsync(await SendAsync(second))).Errors);
        Assert.Equal((2, "kwh of MF2"), (waits.Line, waits.Field));
        Assert.Contains("none where these rows begin", waits.Detail, StringComparison.Ordinal);
        Assert.Equal(0, (await DoneAsync(await SendAsync(first))).Refused);
        Assert.Equal(0, (await DoneAsync(await SendAsync(second))).Refused);
        await ChargedAsync("MF2");

        rows[5] = rows[5].Replace(",0.", ",5.", StringComparison.Ordinal);
        var contradiction = await DoneAsync(await SendAsync(string.Join('\n', rows[..9])));
        Assert.Equal(6, Assert.Single(contradiction.Errors).Line);
        await ChargedAsync("MF2");
    }

    [Fact]
    public async Task A_gateway_sends_of_its_own_meters_and_sees_its_own_files()
    {
        await SameDayTests.OpenAsync(grid, "MF3");
        await grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest("MFG"));
        using var own = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "own", "G1"))).Key);
        using var other = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "other", "MFG"))).Key);
        var refused = await SendAsync(DayOfData.Espi("MF3"), http: other);
        Assert.Contains("not a meter that the grid knows", Assert.Single((await DoneAsync(refused, http: other)).Errors).Detail, StringComparison.Ordinal);
        Assert.Equal((404, "file.unknown"), await CodeAsync(HttpMethod.Get, $"/v1/files/{refused}", own));
        Assert.Equal(0, (await DoneAsync(await SendAsync(DayOfData.Espi("MF3"), http: own), http: own)).Refused);
        await ChargedAsync("MF3");
    }

    [Fact]
    public async Task A_file_of_a_whole_format_with_an_error_is_refused_whole()
    {
        await SameDayTests.OpenAsync(grid, "MF4");
        var id = await SendAsync(DayOfData.Nem12("MF4").Replace("SER1,kWh,30", "SER1,kWh,20", StringComparison.Ordinal));
        var answer = await AnswerAsync(id, "refused");
        Assert.Equal((0, 1), (answer.Result!.Accepted, answer.Result.Refused));
        Assert.Equal("refused", (await AnswerAsync(await SendAsync("what is this?"), "refused")).Status);
        Assert.Equal(DayOfData.StartWh, (await grid.Admin.GetAsync<MeterAnswer>("/v1/meters/MF4")).RegisterWh);
    }

    /// <summary>As of a file that ended each process that read it.</summary>
    [Fact]
    public async Task A_file_that_is_given_up_says_why()
    {
        var id = $"given-up-{Guid.NewGuid():N}";
        await using (var insert = grid.Database.CreateCommand(
            $"""
            insert into meter_file (id, sha256, gateway, sent_by, content, status, run, leased_until)
            values ('{id}', '', 0, 'test', 'x', 'running', {MeterFileWorker.RunsMax}, now() - interval '1 minute')
            """))
        {
            await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var error = Assert.Single((await AnswerAsync(id, "failed")).Result!.Errors);
        Assert.Contains("begun 5 times in vain", error.Detail, StringComparison.Ordinal);
    }

    /// <summary>A partition that does not come back holds up no other meter's file for ever.</summary>
    [Fact]
    public async Task Work_is_done_again_for_ten_minutes_while_the_grid_says_not_now()
    {
        var (time, tries) = (new HurriedTime(), 0);
        Assert.Null(await MeterFilePatience.AgainAsync<string>(() => throw new PartitionMovingException($"{++tries}"), time, CancellationToken.None));
        Assert.InRange(tries, 600, 610);
        Assert.Equal("done", await MeterFilePatience.AgainAsync(
            () => ++tries % 2 == 0 ? Task.FromResult("done") : throw new PartitionMovingException("once"), time, CancellationToken.None));
    }

    [Theory]
    [InlineData("?format=mv90", 422, "file.format_unknown")]
    [InlineData("?mapping=mine", 422, "file.mapping_unknown")]
    public async Task What_is_not_known_is_refused_by_name(string query, int status, string code) =>
        Assert.Equal((status, code), await CodeAsync(HttpMethod.Post, $"/v1/files{query}", grid.Http, "x"));

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private Task<string> SendAsync(string text, HttpClient? http = null) => SendAsync(Encoding.UTF8.GetBytes(text), http);

    private async Task<string> SendAsync(byte[] bytes, HttpClient? http = null)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/files?name=day", new ByteArrayContent(bytes), http: http);
        Assert.Equal(202, status);
        return body.GetProperty("id").GetString()!;
    }

    private async Task<MeterFileResult> DoneAsync(string id, HttpClient? http = null) => (await AnswerAsync(id, "done", http)).Result!;

    private Task<MeterFileAnswer> AnswerAsync(string id, string status, HttpClient? http = null) => Eventually.GetAsync(async () =>
        JsonSerializer.Deserialize<MeterFileAnswer>(await (http ?? grid.Http).GetStringAsync($"/v1/files/{id}"), JsonSerializerOptions.Web)!,
        a => a.Status == status, $"File {id} is {status}");

    private async Task<(int Status, string? Code)> CodeAsync(HttpMethod method, string path, HttpClient http, string? text = null)
    {
        var (status, body) = await grid.SendAsync(method, path, text is null ? null : new StringContent(text), http: http);
        return (status, body.GetProperty("code").GetString());
    }

    private Task<MeterAnswer> ChargedAsync(string meter) => Eventually.GetAsync(() => grid.Admin.GetAsync<MeterAnswer>($"/v1/meters/{meter}"),
        m => m.ChargedWh == DayOfData.Sum && m.HeldWh == 0, $"{DayOfData.Sum} Wh charged of {meter}");

    /// <summary>What is waited for comes at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
