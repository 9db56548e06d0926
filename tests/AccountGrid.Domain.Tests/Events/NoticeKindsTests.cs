using System.Text.Json;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Events;

/// <summary>Kinds of notices are stored by their codes, and by no others.</summary>
public sealed class NoticeKindsTests
{
    [Fact]
    public void Each_kind_has_a_code_of_its_own_and_is_found_by_it()
    {
        var kinds = Enum.GetValues<NoticeKind>();
        Assert.Equal(kinds.Length, kinds.Select(k => k.Code()).Distinct().Count());
        Assert.All(kinds, k => Assert.Equal(k, NoticeKinds.Find(k.Code())));
        Assert.All(kinds, k => Assert.Matches("^[a-z]+(-[a-z]+)*$", k.Code()));
        Assert.Null(NoticeKinds.FindOrNull("song"));
        Assert.Throws<InvariantBrokenException>(() => NoticeKinds.Find("LowBalance"));
    }

    [Fact]
    public void A_stored_command_has_the_code_and_one_with_another_is_not_read()
    {
        var stored = new ConfirmNotice(1, "1:demand:3", NoticeKind.Demand).ToBytes();
        Assert.Contains("\"kind\":\"demand\"", System.Text.Encoding.UTF8.GetString(stored), StringComparison.Ordinal);
        Assert.Equal(new ConfirmNotice(1, "1:demand:3", NoticeKind.Demand), GridCommand.FromBytes(stored));
        Assert.Throws<JsonException>(() => GridCommand.FromBytes("""{"type":"confirm-notice","account":1,"noticeId":"1:demand:3","kind":"song"}"""u8));
        Assert.Throws<JsonException>(() => GridCommand.FromBytes("""{"type":"confirm-notice","account":1,"noticeId":"1:demand:3","kind":10}"""u8));
    }
}
