using AccountGrid.Domain.Readings;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Tests;

/// <summary>What CIM quality codes say of a value.</summary>
public sealed class QualityCodeTests
{
    [Theory]
    [InlineData("5.4.260", false)]
    [InlineData("2.4.17", false)]
    [InlineData("1.0.0", false)]
    [InlineData("3.5.259", true)]
    [InlineData("3.8.0", true)]
    [InlineData("1.4.9", true)]
    public void A_code_of_bookkeeping_makes_no_reading_doubtful(string code, bool inDoubt)
    {
        var quality = ReadingQuality.None;
        Assert.True(QualityCodes.TryParse(code, ref quality));
        Assert.Equal(inDoubt, (quality & ReadingQuality.InDoubt) != 0);
    }
}
