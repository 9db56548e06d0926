using AccountGrid.Host.Customers;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Tests.Customers;

/// <summary>By what sealed numbers and addresses are found, and by what not.</summary>
public sealed class ContactKeysTests
{
    private readonly ContactKeys _keys = new(new GridSecret(new byte[32]));

    [Theory]
    [InlineData("13800138000", "13800138000", true)]
    [InlineData("13800138000", "+86 138-0013-8000", true)]
    [InlineData("+8613800138000", "13800138000", true)]
    [InlineData("0086 (138) 0013 8000", "13800138000", true)]
    [InlineData("+44 7700 900123", "07700 900123", true)]
    [InlineData("１３８００１３８０００", "13800138000", true)]
    [InlineData("13800138000", "13800138001", false)]
    [InlineData("13800138000", "0013", false)]
    [InlineData("95598", "95598", true)]
    [InlineData("Lin.Wei@Example.org", "lin.wei@example.org", true)]
    [InlineData("lin.wei@example.org", "lin.wei@", true)]
    [InlineData("lin.wei@example.org", "example.org", false)]
    [InlineData("lin.wei@example.org", "wei@example.org", false)]
    [InlineData("12 Long Lane, Leeds", "long lane", true)]
    [InlineData("12 Long Lane, Leeds", "LEEDS Lane", true)]
    [InlineData("12 Long Lane, Leeds", "Long Street", false)]
    [InlineData("北京市朝阳区建国路88号", "朝阳区建国路", true)]
    [InlineData("北京市朝阳区建国路88号", "建国路 88", true)]
    [InlineData("北京市朝阳区建国路88号", "海淀区建国路", false)]
    [InlineData("", "none", false)]
    public void What_is_written_otherwise_is_found_and_what_is_another_is_not(string kept, string searched, bool isFound)
    {
        var (forms, asked) = (ContactKeys.FormsOf(kept), ContactKeys.Searched(searched));
        Assert.Equal(isFound, asked.Count > 0 && asked.All(forms.Contains));
    }

    [Theory]
    [InlineData("")]
    [InlineData("138")]
    [InlineData(" a ")]
    [InlineData("!!!!!!")]
    public void Too_little_finds_nobody(string text) => Assert.Null(_keys.FilterOf(text));

    [Fact]
    public void Keys_tell_nothing_without_the_grids_secret()
    {
        var keys = _keys.Of("13800138000");
        Assert.Equal(keys, _keys.Of("+8613800138000"));
        Assert.NotEqual(keys, new ContactKeys(new GridSecret([.. Enumerable.Repeat((byte)1, 32)])).Of("13800138000"));
        Assert.DoesNotContain("138", Assert.Single(keys), StringComparison.Ordinal);
    }
}
