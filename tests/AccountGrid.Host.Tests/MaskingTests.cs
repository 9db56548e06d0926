using AccountGrid.Host.Security;

namespace AccountGrid.Host.Tests;

/// <summary>Servers name the receiver as they like; logs and error columns must not.</summary>
public sealed class MaskingTests
{
    [Theory]
    [InlineData("john.doe@example.com", "550 5.1.1 <john.doe@example.com>: no such user", "john")]
    [InlineData("John.Doe@example.com", "550 johndoe@EXAMPLE.com unknown", "doe")]
    [InlineData("john.doe@example.com", "550 5.1.1 \"John.Doe\"@example.com rejected", "doe")]
    [InlineData("john.doe@example.com", "User john_doe is over quota", "doe")]
    [InlineData("john.doe@example.com", "mailbox john.doe%40example.com is full", "doe")]
    [InlineData("john.doe@example.com", "=?utf-8?q?john.doe=40example.com?=", "doe")]
    [InlineData("john.doe@example.com", "john.doe (at) example.com has moved to j.doe@other.example", "doe")]
    [InlineData("+86 138-1234-5678", "the number 13812345678 is not reachable", "12345678")]
    [InlineData("13812345678", "invalid destination +86 138 1234 5678", "5678")]
    [InlineData("13812345678", "invalid destination 0086-138-1234-5678.", "5678")]
    [InlineData("13812345678", "号码１３８１２３４５６７８无效", "５６７８")]
    [InlineData("(020) 7946-0123", "to=2079460123", "0123")]
    [InlineData("", "forwarded for somebody@example.com, 13812345678", "138")]
    public void A_number_or_an_address_is_masked_however_a_server_spells_it(string to, string said, string secret) =>
        Assert.DoesNotContain(secret, Masking.In(said, to), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("550 5.1.1 no such user")]
    [InlineData("The receiver answered 503.")]
    [InlineData("gate.example is at a private address (192.168.100.200); AllowPrivate permits it.")]
    [InlineData("Connection refused (127.0.0.1:12345)")]
    public void What_is_neither_stays(string said) => Assert.Equal(said, Masking.In(said, "john.doe@example.com"));
}
