using System.Text.Json;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>Readings that are tried again: what is given up, and what fails.</summary>
public sealed class LaterReadingsTests(MqttGrid mqtt) : IClassFixture<MqttGrid>
{
    [Fact]
    public async Task After_thirty_days_and_after_another_refusal_readings_are_given_up_and_counted()
    {
        await mqtt.OpenAsync("LR1");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port);
        await gateway.PublishAsync("accountgrid/v1/LR1/readings",
            """{"meter":"LR1-A","ts":1772424000000,"value":1}""" + "\n" + """{"meter":"LR1-A","ts":1772424060000,"value":2}""");
        var old = await KeptAsync("LR1", r => r.GetProperty("triesAgain").GetBoolean());
        Assert.Equal(0, old.GetProperty("givenUp").GetInt32());
        await ExecuteAsync($"update mqtt_refused set at = now() - interval '31 days' where id = {old.GetProperty("id").GetInt64()}");
        await KeptAsync("LR1", r => !r.GetProperty("triesAgain").GetBoolean() && r.GetProperty("givenUp").GetInt32() == 2);
        Assert.Equal(2, await mqtt.RefusedAsync("accountgrid", "mqtt.given_up"));

        await mqtt.OpenAsync("LR2");
        await gateway.PublishAsync("accountgrid/v1/LR2/readings", """{"meter":"LR2-A","obis":"1.8.1","ts":1772424000000,"value":1}""");
        await KeptAsync("LR2", r => r.GetProperty("triesAgain").GetBoolean());
        await mqtt.OpenAsync("LR2", "LR2-A");
        await KeptAsync("LR2", r => !r.GetProperty("triesAgain").GetBoolean() && r.GetProperty("givenUp").GetInt32() == 1);
        Assert.Equal(1, await mqtt.RefusedAsync("accountgrid", "reading.register_not_charged"));
    }

    [Fact]
    public async Task A_message_that_fails_holds_up_no_other()
    {
        await mqtt.OpenAsync("LR3");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port);
        await gateway.PublishAsync("accountgrid/v1/LR3/readings", """{"meter":"LR3-A","ts":1772424000000,"value":1000}""");
        var first = await KeptAsync("LR3", r => r.GetProperty("triesAgain").GetBoolean());
        await ExecuteAsync($$"""
            create function lr3() returns trigger language plpgsql as $f$ begin raise exception 'as if broken'; end $f$;
            create trigger lr3 before update of later on mqtt_refused for each row when (old.id = {{first.GetProperty("id").GetInt64()}})
              execute function lr3()
            """);
        try
        {
            await mqtt.OpenAsync("LR4");
            await gateway.PublishAsync("accountgrid/v1/LR4/readings", """{"meter":"LR4-A","ts":1772424000000,"value":2000}""");
            await KeptAsync("LR4", r => r.GetProperty("triesAgain").GetBoolean());
            await mqtt.OpenAsync("LR4", "LR4-A");
            await mqtt.Grid.BalanceAsync("LR4-A", "-1.00");
            await KeptAsync("LR4", r => !r.GetProperty("triesAgain").GetBoolean() && r.GetProperty("givenUp").GetInt32() == 0);
            await KeptAsync("LR3", r => r.GetProperty("triesAgain").GetBoolean());
        }
        finally
        {
            await ExecuteAsync("drop trigger lr3 on mqtt_refused; drop function lr3()");
        }
    }

    private Task<JsonElement> KeptAsync(string gateway, Func<JsonElement, bool> isRight) => Testing.Eventually.GetAsync(async () =>
    {
        var (_, page) = await mqtt.Grid.SendAsync(HttpMethod.Get, "/v1/mqtt/refused?limit=100");
        return page.GetProperty("data").EnumerateArray().FirstOrDefault(r => r.GetProperty("gateway").GetString() == gateway);
    }, r => r.ValueKind == JsonValueKind.Object && isRight(r), $"The kept message of {gateway}");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = mqtt.Grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
