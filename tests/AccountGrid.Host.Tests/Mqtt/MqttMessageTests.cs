using System.Diagnostics.Metrics;
using System.Text;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>Messages through a real broker to balances, and those that are refused.</summary>
public sealed class MqttMessageTests(MqttGrid mqtt) : IClassFixture<MqttGrid>
{
    private const string Noon = "2026-03-02T12:00:00+08:00";

    private static string Reading(string meter, long wh, string at = Noon) => $$"""{"meter":"{{meter}}","ts":"{{at}}","value":{{wh}}}""";

    [Fact]
    public async Task The_grids_own_readings_become_balances_and_are_answered_after_their_commit()
    {
        await mqtt.OpenAsync("MQ1", "MQ1-A", "MQ1-B");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, topics: "accountgrid/v1/MQ1/ack");
        await gateway.PublishAsync("accountgrid/v1/MQ1/readings", Reading("MQ1-A", 12_000) + "\n" + Reading("MQ1-B", 2_000), correlation: "batch-1");
        var answer = await gateway.ReceiveAsync("accountgrid/v1/MQ1/ack", a => a.GetProperty("batchId").GetString() == "batch-1");
        Assert.Equal((2, 0, 0),
            (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("duplicates").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        await mqtt.Grid.BalanceAsync("MQ1-A", "-6.00");
        await mqtt.Grid.BalanceAsync("MQ1-B", "-1.00");

        // The same again, as a document, as history, and without a promise: no money twice.
        var document = $$"""{"readings":[{{Reading("MQ1-A", 12_000)}},{{Reading("MQ1-A", 14_000, "2026-03-02T13:00:00+08:00")}}]}""";
        foreach (var (topic, qos) in new[] { ("readings", 1), ("history", 1), ("readings", 0), ("readings", 2) })
        {
            await gateway.PublishAsync($"accountgrid/v1/MQ1/{topic}", document, qos, correlation: $"{topic}-{qos}");
            await gateway.ReceiveAsync("accountgrid/v1/MQ1/ack", a => a.GetProperty("batchId").GetString() == $"{topic}-{qos}");
        }

        await mqtt.Grid.BalanceAsync("MQ1-A", "-7.00");
        Assert.True(await mqtt.CountAsync("accountgrid", "withoutPromise") >= 1);
        Assert.True(await mqtt.CountAsync("accountgrid", "history") >= 2);
        await mqtt.Grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Thingsboards_devices_are_meters_of_the_gateway_in_the_topic()
    {
        await mqtt.OpenAsync("TB1", "TB1-A", "TB1-B");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port);
        await gateway.PublishAsync("TB1/v1/gateway/telemetry",
            """
            {"TB1-A":[{"ts":1772424000000,"values":{"energy":1.5,"voltage":230}},{"ts":1772427600000,"values":{"energy":"2.5"}}],
             "TB1-B":[{"ts":1772424000000,"values":{"energy":4.0000000001}},{"ts":1772424000000,"values":{"voltage":229}}]}
            """);
        await mqtt.Grid.BalanceAsync("TB1-A", "-1.25");
        await mqtt.Grid.BalanceAsync("TB1-B", "-2.00");

        // Without a time the server's would be taken elsewhere: here it is money.
        var before = await mqtt.RefusedAsync("thingsboard", "reading.time_missing");
        await gateway.PublishAsync("TB1/v1/gateway/telemetry", """{"TB1-A":[{"values":{"energy":9}}],"TB1-B":[{"energy":9}]}""");
        await Testing.Eventually.GetAsync(() => mqtt.RefusedAsync("thingsboard", "reading.time_missing"), n => n == before + 1, "The reading without a time");
        await mqtt.Grid.BalanceAsync("TB1-A", "-1.25");
    }

    [Fact]
    public async Task Acrels_local_times_and_transformers_are_read_and_its_login_is_answered()
    {
        await mqtt.OpenAsync("12209263660002", "12209263660003");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, topics: "/server/acrelHW/AWT100/#");
        await gateway.PublishAsync("/gw/acrelHW/AWT100/login/12209263660002", """{"type":"login","gwSN":"12209263660002","time":"20260302115900"}""");
        var login = await gateway.ReceiveAsync("/server/acrelHW/AWT100/login/12209263660002");
        Assert.Equal("""{"type":"login","res":1}""", login.GetRawText());
        await gateway.PublishAsync("/gw/acrelHW/AWT100/data/12209263660002",
            """
            {"type":"data","time":"20260302120000","gwSN":"12209263660002","meterSN":"12209263660003","meterName":"adl400","meterStatus":"normal","ch":0,
             "ua":221,"ia":3.5,"pt":1,"ct":40,"wh":8.98,"wl":0.6}
            """);
        Assert.Equal(1, (await gateway.ReceiveAsync("/server/acrelHW/AWT100/data/12209263660002")).GetProperty("res").GetInt32());
        await mqtt.Grid.BalanceAsync("12209263660003", "-179.6");
        await gateway.PublishAsync("/gw/acrelHW/AWT100/hstdata/12209263660002",
            """{"type":"hstdata","time":"20260302113000","meterSN":12209263660003,"meterStatus":"normal","pt":1,"ct":40,"wh":8}""");
        await gateway.ReceiveAsync("/server/acrelHW/AWT100/hstdata/12209263660002", a => a.GetProperty("res").GetInt32() == 1);
        await mqtt.Grid.BalanceAsync("12209263660003", "-179.6");

        // A ratio is never guessed, and a meter that does not answer has no reading.
        await gateway.PublishAsync("/gw/acrelHW/AWT100/data/12209263660002",
            """{"type":"data","time":"20260302130000","meterSN":"12209263660003","meterStatus":"normal","pt":1,"wh":9}""");
        await gateway.ReceiveAsync("/server/acrelHW/AWT100/data/12209263660002", a => a.GetProperty("res").GetInt32() == 0);
        await gateway.PublishAsync("/gw/acrelHW/AWT100/data/12209263660002",
            """{"type":"data","time":"20260302140000","meterSN":"12209263660003","meterStatus":"missing","pt":1,"ct":40,"wh":0}""");
        await Testing.Eventually.GetAsync(() => mqtt.CountAsync("acrel", "skipped"), n => n >= 1, "The meter that is missing");
        await mqtt.Grid.BalanceAsync("12209263660003", "-179.6");
    }

    [Fact]
    public async Task Sparkplugs_aliases_mean_what_the_last_birth_says_and_nothing_before_it()
    {
        await mqtt.OpenAsync("SP1", "SP1-A");
        const string Prefix = "spBv1.0/accountgrid";
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, null, null, $"{Prefix}/NCMD/SP1", "spBv1.0/STATE/accountgrid");
        Assert.True((await gateway.ReceiveAsync("spBv1.0/STATE/accountgrid")).GetProperty("online").GetBoolean());

        // Data before a birth: which register it is cannot be known. Births are asked for.
        var data = SparkplugSample.Data(7, [new(null, 3, 1772424000000, 4, 5_000UL)]);
        await gateway.PublishAsync($"{Prefix}/DDATA/SP1/SP1-A", data, qos: 0);
        await Testing.Eventually.GetAsync(() => mqtt.RefusedAsync("sparkplug-b", "mqtt.birth_unknown"), n => n >= 1, "The alias that nobody has defined");
        await Testing.Eventually.GetAsync(() => Task.FromResult(gateway.Count($"{Prefix}/NCMD/SP1")), n => n == 1, "The question for births");

        await gateway.PublishAsync($"{Prefix}/NBIRTH/SP1", SparkplugSample.Data(0, []), qos: 0);
        await gateway.PublishAsync($"{Prefix}/DBIRTH/SP1/SP1-A",
            SparkplugSample.Data(1, [new("Energy/Import", 3, 1772424000000, 4, 6_000UL), new("Energy/Export", 4, 1772424000000, 4, 0UL)]), qos: 0);
        await mqtt.Grid.BalanceAsync("SP1-A", "-3.00");
        await gateway.PublishAsync($"{Prefix}/DDATA/SP1/SP1-A",
            SparkplugSample.Data(2, [new(null, 3, 1772427600000, null, 8_000UL), new(null, 9, 1772427600000, null, 1UL)]), qos: 0);
        await mqtt.Grid.BalanceAsync("SP1-A", "-4.00");
        await gateway.PublishAsync($"{Prefix}/DDATA/SP1/SP1-A",
            SparkplugSample.Data(3, [new(null, 3, 1772425800000, null, 7_000UL, IsHistorical: true)]), qos: 0);
        await Testing.Eventually.GetAsync(() => mqtt.CountAsync("sparkplug-b", "history"), n => n == 1, "The historical value");
        await mqtt.Grid.BalanceAsync("SP1-A", "-4.00");

        // A message of the node is missing: it may have been a birth, after which 3 is another register.
        var refused = await mqtt.RefusedAsync("sparkplug-b", "mqtt.birth_unknown");
        await gateway.PublishAsync($"{Prefix}/DDATA/SP1/SP1-A", SparkplugSample.Data(5, [new(null, 3, 1772431200000, null, 9_000UL)]), qos: 0);
        await Testing.Eventually.GetAsync(() => mqtt.RefusedAsync("sparkplug-b", "mqtt.birth_unknown"), n => n == refused + 1, "The gap");
        await mqtt.Grid.BalanceAsync("SP1-A", "-4.00");
    }

    [Fact]
    public async Task What_is_refused_is_counted_kept_and_answered_and_the_next_message_is_taken()
    {
        await mqtt.OpenAsync("MQ2", "MQ2-A");
        await mqtt.OpenAsync("MQ3", "MQ3-A");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, topics: "accountgrid/v1/MQ2/ack");
        const string Topic = "accountgrid/v1/MQ2/readings";
        foreach (var (code, payload, topic, retain) in new (string, string, string, bool)[]
        {
            ("mqtt.retained", Reading("MQ2-A", 1_000), Topic, true),
            ("reading.meter_not_yours", Reading("MQ3-A", 1_000), Topic, false),
            ("reading.time_missing", """{"meter":"MQ2-A","value":1}""", Topic, false),
            ("reading.value_invalid", """{"meter":"MQ2-A","ts":1772424000000,"value":1.5}""", Topic, false),
            ("body.json_invalid", """{"readings":17}""", Topic, false),
            ("batch.empty", "", Topic, false),
            ("mqtt.payload_too_large", new string('x', (1 << 20) + 1), Topic, false),
            ("mqtt.gateway_unknown", Reading("MQ2-A", 1_000), "accountgrid/v1/NOBODY/readings", false),
        })
        {
            var before = await mqtt.RefusedAsync("accountgrid", code);
            await gateway.PublishAsync(topic, payload, retain: retain, correlation: code);
            if (topic == Topic)
            {
                var answer = await gateway.ReceiveAsync("accountgrid/v1/MQ2/ack", a => a.GetProperty("batchId").GetString() == code);
                Assert.Equal((0, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetInt32()));
                Assert.Equal(code, answer.GetProperty("errors")[0].GetProperty("code").GetString());
            }

            Assert.Equal(before + 1, await Testing.Eventually.GetAsync(() => mqtt.RefusedAsync("accountgrid", code), n => n > before, code));
            var (_, page) = await mqtt.Grid.SendAsync(HttpMethod.Get, "/v1/mqtt/refused?limit=1");
            var kept = page.GetProperty("data")[0];
            Assert.Equal((code, topic, Encoding.UTF8.GetByteCount(payload)),
                (kept.GetProperty("code").GetString(), kept.GetProperty("topic").GetString(), kept.GetProperty("payloadBytes").GetInt32()));
            Assert.StartsWith(Encoding.UTF8.GetString(Convert.FromBase64String(kept.GetProperty("payload").GetString()!)), payload, StringComparison.Ordinal);
        }

        await gateway.PublishAsync(Topic, Reading("MQ2-A", 2_000) + "\nrubbish", correlation: "after");
        var last = await gateway.ReceiveAsync("accountgrid/v1/MQ2/ack", a => a.GetProperty("batchId").GetString() == "after");
        Assert.Equal((1, 1), (last.GetProperty("accepted").GetInt32(), last.GetProperty("rejected").GetInt32()));
        await mqtt.Grid.BalanceAsync("MQ2-A", "-1.00");
        await mqtt.Grid.BalanceAsync("MQ3-A", "0");
    }

    [Fact]
    public async Task Readings_by_MQTT_are_counted_as_those_by_HTTP()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Meter.Name == GridMetrics.Name && i.Name == GridMetrics.ReadingsName)
                {
                    l.EnableMeasurementEvents(i);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, n, tags, _) => seen.Add($"{n} {string.Join(' ', tags.ToArray().Select(t => t.Value))}"));
        listener.Start();
        await mqtt.OpenAsync("MQ5", "MQ5-A");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, topics: "accountgrid/v1/MQ5/ack");
        async Task SendAsync(string id, IEnumerable<string> lines)
        {
            await gateway.PublishAsync("accountgrid/v1/MQ5/readings", string.Join('\n', lines), correlation: id);
            await gateway.ReceiveAsync("accountgrid/v1/MQ5/ack", a => a.GetProperty("batchId").GetString() == id);
        }

        // Numbers that no other test has.
        var good = Enumerable.Range(0, 137).Select(i => $$"""{"meter":"MQ5-A","ts":{{1772424000000 + (i * 60_000)}},"value":{{i}}}""").ToList();
        await SendAsync("mixed", [.. good, .. good.Take(29), .. Enumerable.Repeat("""{"meter":"MQ5-A","value":1}""", 139)]);
        await SendAsync("wrong", Enumerable.Repeat("""{"meter":"MQ5-A","ts":1772424000000,"value":-1}""", 149));
        Assert.Contains("137 accepted", seen);
        Assert.Contains("29 duplicate", seen);
        Assert.Contains("139 rejected reading.time_missing", seen);
        Assert.Contains(seen, s => s.StartsWith("149 rejected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Readings_of_a_meter_that_is_not_registered_yet_are_tried_again_until_it_is()
    {
        await mqtt.OpenAsync("MQ4", "MQ4-A");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, topics: "accountgrid/v1/MQ4/ack");
        await gateway.PublishAsync("accountgrid/v1/MQ4/readings", Reading("MQ4-A", 1_000) + "\n" + Reading("MQ4-B", 4_000), correlation: "early");
        var answer = await gateway.ReceiveAsync("accountgrid/v1/MQ4/ack", a => a.GetProperty("batchId").GetString() == "early");
        Assert.Equal("later", answer.GetProperty("errors")[0].GetProperty("resend").GetString());
        await mqtt.OpenAsync("MQ4", "MQ4-B");
        await mqtt.Grid.BalanceAsync("MQ4-B", "-2.00");
        await mqtt.Grid.BalanceAsync("MQ4-A", "-0.50");
    }
}
