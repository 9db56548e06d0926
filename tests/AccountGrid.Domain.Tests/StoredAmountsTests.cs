using System.Text;
using System.Text.Json;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;

namespace AccountGrid.Domain.Tests;

public sealed class StoredAmountsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void An_amount_is_a_whole_number_of_nano(string stored, long nano)
    {
        var json = $$"""{"type":"payment","amountNano":{{stored}},"channel":"bank","account":1}""";
        var command = (TakePayment)GridCommand.FromBytes(Encoding.UTF8.GetBytes(json));
        Assert.Equal(nano, command.Amount.Nano);
        Assert.Equal(json, Encoding.UTF8.GetString(command.ToBytes()));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e2")]
    [InlineData("9223372036854775808")]
    [InlineData("\"5\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{\"nano\":5}")]
    public void Anything_else_is_no_stored_amount(string stored) => Assert.Throws<JsonException>(
        () => GridCommand.FromBytes(Encoding.UTF8.GetBytes($$"""{"type":"payment","amountNano":{{stored}},"channel":"bank","account":1}""")));

    [Fact]
    public void What_need_not_be_there_is_nothing_where_it_is_not()
    {
        var switched = Read<ModeSwitched>("""{"type":"mode-switched","from":1,"to":0,"decidedBy":"a","approvedBy":"b"}""");
        Assert.Equal((Money.Zero, Money.Zero), (switched.Moved, switched.PerDay));
        Assert.Null(Read<TariffChanged>("""{"type":"tariff-changed","tariff":2,"fromDay":739000}""").Corrected);
        Assert.Equal(new Money(-5), Read<TariffChanged>("""{"type":"tariff-changed","tariff":2,"fromDay":739000,"correctedNano":-5}""").Corrected);
    }

    /// <summary>Whoever adds an event or a command with an amount need not think of its stored form.</summary>
    [Fact]
    public void Every_amount_of_an_event_or_a_command_is_stored_under_its_name_with_nano_behind_it()
    {
        Type[] bases = [typeof(AccountEvent), typeof(GridCommand)];
        var types = typeof(AccountEvent).Assembly.GetTypes().Where(t => !t.IsAbstract && bases.Any(b => t.IsSubclassOf(b))).ToList();
        var names = types.SelectMany(t => t.GetProperties()).Where(p => p.PropertyType == typeof(long) || p.PropertyType == typeof(long?))
            .Select(p => p.Name).Where(n => n.EndsWith("Nano", StringComparison.Ordinal)).Distinct();
        Assert.Empty(names);
        Assert.Equal("""{"type":"balance-low","id":"1:low-balance:1","levelNano":5,"balanceNano":4}""",
            JsonSerializer.Serialize(new BalanceLow("1:low-balance:1", new(5), new(4)), AccountEventJson.Event));
        Assert.True(types.Count(t => t.GetProperties().Any(p => p.PropertyType == typeof(Money))) > 30);
    }

    private static T Read<T>(string json)
        where T : AccountEvent => Assert.IsType<T>(JsonSerializer.Deserialize(json, AccountEventJson.Event));
}
