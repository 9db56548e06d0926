using AccountGrid.Host.Mqtt;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>What may wait in memory.</summary>
public sealed class MessagePipelineTests
{
    [Fact]
    public void Messages_without_a_promise_have_a_bound_of_their_own_and_those_with_one_are_never_dropped()
    {
        var status = new ProfileStatus("p");
        var pipeline = new MessagePipeline(null!, new MqttOptions(), status, TimeProvider.System);
        var payload = new byte[(8 << 20) - 1_024];
        for (var i = 0; i < 6; i++)
        {
            pipeline.Offer(new Arrival("t", payload, false, 0, false, null, _ => Task.CompletedTask));
            pipeline.Offer(new Arrival("t", payload, false, 1, false, null, _ => Task.CompletedTask));
        }

        Assert.Equal(2, status.Answer().Overrun);
    }

    [Fact]
    public void Messages_without_a_promise_take_their_place_even_when_they_are_empty()
    {
        var status = new ProfileStatus("p");
        var pipeline = new MessagePipeline(null!, new MqttOptions(), status, TimeProvider.System);
        for (var i = 0; i < 70_000; i++)
        {
            pipeline.Offer(new Arrival("t", [], false, 0, false, null, _ => Task.CompletedTask));
        }

        Assert.InRange(status.Answer().Overrun, 1, 60_000);
    }

    [Fact]
    public void A_message_that_has_not_begun_is_not_acknowledged_either()
    {
        var (status, time) = (new ProfileStatus("p"), new ShiftedTime());
        var pipeline = new MessagePipeline(null!, new MqttOptions(), status, time);
        Assert.Null(status.OldestUnacknowledged);
        var before = time.GetUtcNow();
        pipeline.Offer(new Arrival("t", [], false, 1, false, null, _ => Task.CompletedTask));
        var first = status.Answer().OldestUnacknowledged;
        Assert.InRange(first!.Value, before, time.GetUtcNow());
        pipeline.Offer(new Arrival("t", [], false, 1, false, null, _ => Task.CompletedTask));
        Assert.Equal(first, status.Answer().OldestUnacknowledged);
    }

    [Fact]
    public void What_is_kept_of_a_refusal_can_always_be_stored()
    {
        Assert.Equal("plain 正", RefusedMessages.Text("plain 正"));
        Assert.Equal("a b", RefusedMessages.Text("a\0b"));
        Assert.Equal("half \ufffd", RefusedMessages.Text("half " + (char)0xd83d));
    }

    [Theory]
    [InlineData("", "", false, "", null)]
    [InlineData("b", "c.pem", true, "", "Mqtt__CertificateKey")]
    [InlineData("b", "c.pem", false, "k.pem", "Mqtt__Tls=true")]
    [InlineData("b", "c.pem", true, "k.pem", null)]
    public void Settings_that_need_each_other_are_checked_at_the_start(string server, string certificate, bool tls, string key, string? says)
    {
        var problem = new MqttOptions { Server = server, Certificate = certificate, Tls = tls, CertificateKey = key }.Problem();
        Assert.Equal(says is null, problem is null);
        Assert.Contains(says ?? "", problem ?? "", StringComparison.Ordinal);
    }
}
