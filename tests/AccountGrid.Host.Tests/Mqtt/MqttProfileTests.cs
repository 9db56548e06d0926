using System.Text;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Database;
using AccountGrid.Host.Mqtt;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>Profiles and what they make of messages: no broker, no grid.</summary>
public sealed class MqttProfileTests
{
    /// <summary>The latest time that a reading may carry: 1 April 2026.</summary>
    private const long Latest = 1_774_972_800_000;

    private const string Any = """
        "name":"p","format":"json",
        "readings":{"meter":"/m","time":{"at":"/t","unit":"TIME"},"registers":[{"at":"/v","obis":"1.8.0","unit":"kWh"}]},
        "messages":[{"topic":"a/{gateway}/b"}]
        """;

    private static MqttProfile Read(string json, string? zone = "Asia/Shanghai")
    {
        var (profile, wrong) = ProfileReader.Read(Encoding.UTF8.GetBytes(json), zone);
        Assert.Empty(wrong);
        return profile!;
    }

    private static (ReadingLines Lines, Refusal? Refusal) Decode(MqttProfile profile, string topic, byte[] payload, SparkplugNode? node = null)
    {
        var (rule, variables) = profile.Find(topic)!.Value;
        var lines = new ReadingLines(Latest) { Texts = [], SkippedTexts = [] };
        return (lines, MessageDecoder.Decode(profile, rule, variables, payload, Latest, node, lines));
    }

    [Theory]
    [InlineData("a/{gateway}/b", "a/G1/b", "G1")]
    [InlineData("a/{gateway}/b", "a/G1/c", null)]
    [InlineData("a/{gateway}/b", "a/G1/b/c", null)]
    [InlineData("a/{gateway}/b", "a//b", null)]
    [InlineData("/gw/{gateway}", "/gw/G1", "G1")]
    [InlineData("/gw/{gateway}", "gw/G1", null)]
    public void A_topic_is_matched_level_by_level(string pattern, string topic, string? gateway) =>
        Assert.Equal(gateway, TopicPattern.Parse(pattern, out _)!.Match(topic)?["gateway"]);

    [Theory]
    [InlineData("a/{x}/b", "a/c/{y}", true)]
    [InlineData("a/{x}/b", "a/c/d", false)]
    [InlineData("a/{x}", "a/{x}/b", false)]
    public void Topics_that_a_message_could_be_both_of_overlap(string one, string other, bool overlaps) =>
        Assert.Equal(overlaps, TopicPattern.Parse(one, out _)!.Overlaps(TopicPattern.Parse(other, out _)!));

    [Theory]
    [InlineData("a/+/b", "wildcard")]
    [InlineData("a/x{gateway}", "no whole level")]
    [InlineData("{a}/{a}", "twice")]
    [InlineData("$SYS/{gateway}", "the broker's own")]
    [InlineData("", "characters")]
    public void A_topic_that_cannot_be_is_refused_by_what_is_wrong(string pattern, string says)
    {
        Assert.Null(TopicPattern.Parse(pattern, out var problem));
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix-ms", "1772424000000", 1772424000000)]
    [InlineData("unix-s", "1772424000", 1772424000000)]
    [InlineData("unix-s", "1772424000.5", 1772424000500)]
    [InlineData("rfc3339", "\"2026-03-02T12:00:00+08:00\"", 1772424000000)]
    [InlineData("yyyyMMddHHmmss", "\"20260302120000\"", 1772424000000)]
    [InlineData("yyyyMMddHHmmss", "20260302120000", 1772424000000)]
    [InlineData("unix-ms", "\"yesterday\"", null)]
    [InlineData("unix-ms", "-1", null)]
    [InlineData("unix-ms", "1e300", null)]
    [InlineData("unix-ms", "{}", null)]
    [InlineData("rfc3339", "\"2026-03-02T12:00:00\"", null)]
    [InlineData("yyyyMMddHHmmss", "\"20260302\"", null)]
    [InlineData("yyyyMMddHHmmss", "\"20261302120000\"", null)]
    public void Times_are_read_as_their_unit_says_and_no_other_way(string unit, string value, long? ms)
    {
        var profile = Read("{" + Any.Replace("TIME", unit, StringComparison.Ordinal) + "}");
        var (lines, refusal) = Decode(profile, "a/G1/b", Encoding.UTF8.GetBytes($"{{\"m\":\"M1\",\"t\":{value},\"v\":1}}"));
        Assert.Null(refusal);
        Assert.Equal(ms, lines.Batch.Readings.Count == 1 ? lines.Batch.Readings[0].Reading.TimeMs : null);
        if (ms is null)
        {
            var wrong = Assert.Single(lines.Batch.Errors).Refusal;
            Assert.Equal("reading.time_invalid", wrong.Code.Text);
            Assert.StartsWith("/t: ", wrong.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("20260329013000", 1774744200000)]
    [InlineData("20260329023000", null)]
    [InlineData("20251026023000", null)]
    [InlineData("20251026013000", 1761435000000)]
    [InlineData("20251026030000", 1761444000000)]
    public void A_local_hour_that_is_skipped_or_happens_twice_is_refused(string local, long? ms)
    {
        var profile = Read("{" + Any.Replace("TIME", "yyyyMMddHHmmss", StringComparison.Ordinal) + "}", "Europe/Berlin");
        var (lines, _) = Decode(profile, "a/G1/b", Encoding.UTF8.GetBytes($"{{\"m\":\"M1\",\"t\":\"{local}\",\"v\":1}}"));
        Assert.Equal(ms, lines.Batch.Readings.Count == 1 ? lines.Batch.Readings[0].Reading.TimeMs : null);
    }

    [Theory]
    [InlineData("1.234", 1_234)]
    [InlineData("\"1.234\"", 1_234)]
    [InlineData("1.2349", 1_234)]
    [InlineData("1.2339999999", 1_234)]
    [InlineData("1e3", 1_000_000)]
    [InlineData("0", 0)]
    [InlineData("-0.0004", null)]
    [InlineData("-42", null)]
    [InlineData("1e40", null)]
    [InlineData("\"1,5\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"NaN\"", null)]
    [InlineData("true", null)]
    [InlineData("[1]", null)]
    public void Values_are_exact_and_what_is_no_register_is_refused_with_its_place(string value, int? wh)
    {
        var profile = Read("{" + Any.Replace("TIME", "unix-ms", StringComparison.Ordinal) + "}");
        var (lines, refusal) = Decode(profile, "a/G1/b", Encoding.UTF8.GetBytes($"{{\"m\":\"M1\",\"t\":1772424000000,\"v\":{value}}}"));
        Assert.Null(refusal);
        Assert.Equal(wh, lines.Batch.Readings.Count == 1 ? (int)lines.Batch.Readings[0].Reading.ValueWh : null);
        if (wh is null)
        {
            Assert.StartsWith("/v: '", Assert.Single(lines.Batch.Errors).Refusal.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"t":1772424000000,"v":1}""", "reading.meter_missing")]
    [InlineData("""{"m":["M"],"t":1772424000000,"v":1}""", "reading.meter_invalid")]
    [InlineData("""{"m":"a-name-that-has-more-than-thirty-two-characters","t":1772424000000,"v":1}""", "reading.meter_invalid")]
    [InlineData("""{"m":"M1","v":1}""", "reading.time_missing")]
    [InlineData("""{"m":"M1","t":null,"v":1}""", "reading.time_missing")]
    [InlineData("""{"m":"M1","t":4102444800000,"v":1}""", "reading.time_in_future")]
    [InlineData("""{"m":"M1","t":1,"v":1}""", "reading.time_invalid")]
    [InlineData("""{"m":"M1\n\"","t":1772424000000,"v":1}""", null)]
    [InlineData("""{"m":"M1","t":1772424000000,"v":null}""", "skipped")]
    [InlineData("""{"m":"M1","t":1772424000000,"w":1}""", "skipped")]
    [InlineData("""{"m":"M1","t":1,"t":1772424000000,"v":1}""", "mqtt.payload_invalid")]
    [InlineData("""{"m":"\ud800","t":1772424000000,"v":1}""", "mqtt.payload_invalid")]
    [InlineData("""{"m":"M1" """, "mqtt.payload_invalid")]
    [InlineData("rubbish", "mqtt.payload_invalid")]
    [InlineData("", "mqtt.payload_invalid")]
    public void What_a_message_lacks_is_said_and_never_filled_in(string payload, string? code)
    {
        var profile = Read("{" + Any.Replace("TIME", "unix-ms", StringComparison.Ordinal) + "}");
        var (lines, refusal) = Decode(profile, "a/G1/b", Encoding.UTF8.GetBytes(payload));
        var found = refusal?.Code.Text ?? lines.Batch.Errors.Select(e => e.Refusal.Code.Text).SingleOrDefault() ?? (lines.Skipped > 0 ? "skipped" : null);
        Assert.Equal(code, found);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused() => Assert.Equal("mqtt.payload_invalid",
        Decode(Read("{" + Any.Replace("TIME", "unix-ms", StringComparison.Ordinal) + "}"), "a/G1/b",
            [.. "{\"m\":\""u8, 0xff, .. "\",\"t\":1772424000000,\"v\":1}"u8]).Refusal!.Code.Text);

    [Fact]
    public void More_items_than_a_batch_may_have_are_refused_as_a_whole()
    {
        var profile = Read(Encoding.UTF8.GetString(ShippedProfiles.Load("thingsboard")));
        var items = string.Join(',', Enumerable.Repeat("{}", 10_001));
        var (_, refusal) = Decode(profile, "G/v1/gateway/telemetry", Encoding.UTF8.GetBytes($"{{\"M\":[{items}]}}"));
        Assert.Equal("batch.too_many_items", refusal!.Code.Text);
    }

    [Fact]
    public void Labels_conditions_and_the_messages_own_members_are_reached_by_pointers()
    {
        var profile = Read(
            """
            {"name":"cet","format":"json","messages":[{"topic":"cet/{gateway}"}],
             "readings":{"items":"/properties/*","meter":"$/sn","time":{"at":"$/ts","unit":"unix-s"},"when":{"/type":"AI"},"quality":["estimated"],
              "registers":[{"at":"/value","obis":"1.8.0","unit":"kWh","scale":1,"when":{"/key":"正向有功总电能"}},
               {"at":"/value","obis":"2.8.0","unit":"MWh","when":{"/key":"a/b~c"}}]}}
            """);
        var (lines, refusal) = Decode(profile, "cet/G1", Encoding.UTF8.GetBytes(
            """
            {"ts":1772424000,"sn":123,"properties":[{"type":"AI","key":"A相电流","value":3},{"type":"AI","key":"正向有功总电能","value":1.5},
             {"type":"DI","key":"正向有功总电能","value":9},{"type":"AI","key":"a/b~c","value":2}]}
            """));
        Assert.Null(refusal);
        Assert.Equal(["""{"meter":"123","obis":"1.8.0","ts":1772424000000,"value":15000,"q":["estimated"]}""",
            """{"meter":"123","obis":"2.8.0","ts":1772424000000,"value":2000000,"q":["estimated"]}"""], lines.Texts!.Select(t => t.Text));
        Assert.Equal((2, 2), (lines.Batch.Readings.Count, lines.Skipped));
    }

    [Theory]
    [InlineData("""{"name":"p","format":"json","messages":[],"more":1}""", "more: a profile has no such member here")]
    [InlineData("""{"name":"p","messages":[]}""", "a member is missing: 'format'")]
    [InlineData("""{"name":"p","format":"json","messages":[{"topic":7}]}""", "messages[0].topic: it is not what a profile has here")]
    [InlineData("""{"name":"p","format":"xml","messages":[]}""", "format: 'xml'")]
    [InlineData("""{"name":"p","format":"readings","messages":[]}""", "messages: 0")]
    [InlineData("""{"name":"p","format":"readings","messages":[{"topic":"a/b"}]}""", "messages/0/topic: 'a/b' has no level {gateway}")]
    [InlineData("""{"name":"p","format":"readings","messages":[{"topic":"a/{gateway}","gateway":"G"}]}""", "cannot both name")]
    [InlineData("""{"name":"p","format":"readings","messages":[{"topic":"a/{gateway}","holds":"birth"}]}""", "messages/0/holds: 'birth'")]
    [InlineData("""{"name":"p","format":"json","messages":[{"topic":"a/{gateway}"}]}""", "messages/0/readings: missing")]
    [InlineData("""{"name":"p","format":"readings","messages":[{"topic":"a/{gateway}","reply":{"topic":"r/{site}"}}]}""", "{site} is no variable")]
    [InlineData("""{"name":"p","format":"readings","messages":[{"topic":"a/{gateway}","reply":{"topic":"a/{gateway}"}}]}""", "read as one of them")]
    [InlineData("""{"name":"p","format":"readings","messages":[{"topic":"a/{gateway}"}],"zone":"Middle/Earth"}""", "zone: 'Middle/Earth'")]
    public void A_profile_that_cannot_work_is_refused_with_the_place(string json, string says) =>
        Assert.Contains(says, Assert.Single(ProfileReader.Read(Encoding.UTF8.GetBytes(json), null).Wrong), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"at\":\"/t\"", "\"at\":\"t\"", "readings/time/at: 't' is no JSON pointer")]
    [InlineData("\"at\":\"/v\"", "\"at\":\"/*\"", "names many places")]
    [InlineData("\"at\":\"/v\"", "\"at\":\"/~v\"", "after ~ only")]
    [InlineData("1.8.0", "5.8.0", "readings/registers/0/obis: '5.8.0'")]
    [InlineData("1.8.0", "3.8.0", "readings/registers/0/unit: 'kWh' is not varh, kvarh or Mvarh")]
    [InlineData("kWh", "kwh", "readings/registers/0/unit: 'kwh'")]
    [InlineData("\"/m\"", "\"{m}\"", "readings/meter: {m} is no variable")]
    [InlineData("TIME", "HHmm", "readings/time/unit: 'HHmm'")]
    [InlineData("TIME", "yyyyMMddHHmm", "local times need a zone")]
    public void What_is_wrong_with_the_readings_of_a_profile_is_said_with_the_place(string right, string wrong, string says)
    {
        var json = "{" + Any.Replace(right, wrong, StringComparison.Ordinal).Replace("TIME", "unix-ms", StringComparison.Ordinal) + "}";
        Assert.Contains(says, Assert.Single(ProfileReader.Read(Encoding.UTF8.GetBytes(json), null).Wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void Shipped_profiles_are_right_and_can_be_used_together()
    {
        Assert.Equal(["accountgrid", "acrel", "sparkplug-b", "thingsboard"], ShippedProfiles.Names);
        Assert.Equal(4, ShippedProfiles.Read(new MqttOptions { Profiles = [.. ShippedProfiles.Names], Zone = "Asia/Shanghai" }).Count);
        Assert.Contains("Mqtt__Zone", Assert.Throws<StartException>(() => ShippedProfiles.Read(new MqttOptions { Profiles = ["acrel"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("accountgrid", Assert.Throws<StartException>(() => ShippedProfiles.Read(new MqttOptions { Profiles = ["none"] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_that_would_be_read_as_a_message_is_refused_whichever_profile_reads_it()
    {
        var one = Read("""{"name":"one","format":"readings","messages":[{"topic":"a/{gateway}","reply":{"topic":"b/{gateway}"}}]}""");
        var two = Read("""{"name":"two","format":"readings","messages":[{"topic":"b/{gateway}"}]}""");
        var three = Read("""{"name":"three","format":"readings","messages":[{"topic":"{gateway}/x"}]}""");
        Assert.Empty(ProfileConflicts.Of([one]));
        Assert.Contains("would be read as a message of two", Assert.Single(ProfileConflicts.Of([one, two])), StringComparison.Ordinal);
        Assert.Contains(ProfileConflicts.Of([one, three]), c => c.Contains("read twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sparkplug_message_is_read_by_type_and_alias()
    {
        var profile = Read(Encoding.UTF8.GetString(ShippedProfiles.Load("sparkplug-b")));
        var node = new SparkplugNode();
        const string Device = "spBv1.0/accountgrid/DDATA/N/M1";
        Assert.Null(Decode(profile, "spBv1.0/accountgrid/NBIRTH/N", SparkplugSample.Data(0, []), node).Refusal);
        Assert.Null(Decode(profile, "spBv1.0/accountgrid/DBIRTH/N/M1",
            SparkplugSample.Data(1, [new("Energy/Import", 1, 1772424000000, 3, 5U), new("Energy/Export", 2, 1772424000000, 10, 2.0)]), node).Refusal);
        var (lines, refusal) = Decode(profile, Device, SparkplugSample.Data(2,
            [
                new(null, 1, 1772424000000, null, uint.MaxValue), new(null, 2, 1772424000000, null, 7.9), new(null, 1, null, null, 6U),
                new(null, 1, 1772424000000, null, null, IsNull: true), new(null, 2, 1772424000000, null, double.NaN), new(null, 1, 1772424000000, null, true),
                new("Energy/Import", null, 1772424000000, 9, 6.5f),
            ]), node);
        Assert.Null(refusal);
        Assert.Equal([7L, 6L], lines.Batch.Readings.Select(r => r.Reading.ValueWh));
        Assert.Equal(["reading.value_out_of_range", "reading.time_missing", "reading.value_invalid", "reading.value_invalid"],
            lines.Batch.Errors.Select(e => e.Refusal.Code.Text));

        foreach (var broken in new[] { SparkplugSample.Data(3, [new("Energy/Import", 1, 1, 8, 5UL)])[..^3], [0x12, 0xff, 0xff], [0xff] })
        {
            Assert.Equal("mqtt.payload_invalid", Decode(profile, Device, broken, node).Refusal!.Code.Text);
        }

        Assert.Null(Decode(profile, "spBv1.0/accountgrid/NDEATH/N", SparkplugSample.Data(0, []), node).Refusal);
        Assert.Equal("mqtt.birth_unknown", Decode(profile, Device, SparkplugSample.Data(3, [new(null, 1, 1772424000000, null, 6U)]), node).Refusal!.Code.Text);
    }

    [Fact]
    public async Task Check_says_what_a_message_becomes_and_fails_where_it_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """{"M1":[{"ts":1772424000000,"values":{"energy":1.5}},{"values":{"energy":2}},{"ts":1,"values":{}}]}""");
            var (status, output, errors) = await CheckAsync("thingsboard", file);
            Assert.Equal(1, status);
            Assert.Contains("gateway: GATEWAY\nreading 1: {\"meter\":\"M1\",\"obis\":\"1.8.0\",\"ts\":1772424000000,\"value\":1500}\n", output,
                StringComparison.Ordinal);
            Assert.Contains("1 readings, 1 refused, 1 items skipped", output, StringComparison.Ordinal);
            Assert.Contains("reading 2: reading.time_missing: /ts: missing", errors, StringComparison.Ordinal);
            Assert.Contains("/values/energy", errors, StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, """{"readings":[{"meter":"M1","ts":1772424000000,"value":7}]}""");
            (status, output, errors) = await CheckAsync("accountgrid", file, "accountgrid/v1/G7/readings");
            Assert.Equal((0, ""), (status, errors));
            Assert.StartsWith("gateway: G7\nreading 1: {\"meter\":\"M1\",\"ts\":1772424000000,\"value\":7}\n", output, StringComparison.Ordinal);

            (status, _, errors) = await CheckAsync("accountgrid", file, "elsewhere");
            Assert.Equal(1, status);
            Assert.Contains("--topic: 'elsewhere'", errors, StringComparison.Ordinal);
            (status, _, errors) = await CheckAsync("acrel", null);
            Assert.Equal(1, status);
            Assert.Contains("need a zone", errors, StringComparison.Ordinal);
            Assert.Equal(0, (await CheckAsync("thingsboard", null)).Status);

            var birth = file + ".birth";
            await File.WriteAllBytesAsync(birth, SparkplugSample.Data(1, [new("Energy/Import", 1, 1772424000000, 8, 5UL)]));
            await File.WriteAllBytesAsync(file, SparkplugSample.Data(2, [new(null, 1, 1772424000000, null, 6UL)]));
            Assert.Equal(1, (await CheckAsync("sparkplug-b", file)).Status);
            (status, output, _) = await CheckAsync("sparkplug-b", file, null, birth);
            File.Delete(birth);
            Assert.Equal(0, status);
            Assert.Contains("\"value\":6}", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Status, string Output, string Errors)> CheckAsync(string profile, string? sample, string? topic = null,
        params string[] births)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var status = await MqttCommand.CheckAsync(profile, sample, topic, null, births, Latest, output, errors);
        return (status, output.ToString(), errors.ToString());
    }
}
