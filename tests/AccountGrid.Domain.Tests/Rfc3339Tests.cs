using System.Globalization;

namespace AccountGrid.Domain.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-11-05T02:00:00Z", "2026-11-05T02:00:00.0000000+00:00")]
    [InlineData("2026-11-05t02:00:00z", "2026-11-05T02:00:00.0000000+00:00")]
    [InlineData("2026-11-05 02:00:00+08:00", "2026-11-05T02:00:00.0000000+08:00")]
    [InlineData("2026-11-05T02:00:00.123456789-03:30", "2026-11-05T02:00:00.1234567-03:30")]
    [InlineData("2024-02-29T23:59:59.5+14:00", "2024-02-29T23:59:59.5000000+14:00")]
    public void What_the_standard_writes_is_read(string text, string instant)
    {
        Assert.True(Rfc3339.TryParse(text, out var read));
        Assert.Equal(instant, read.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("05/11/2026 02:00:00Z")]
    [InlineData("11/05/2026 02:00:00 +08:00")]
    [InlineData("5 Nov 2026 02:00:00 GMT")]
    [InlineData("2026-11-05")]
    [InlineData("2026-11-05T02:00:00")]
    [InlineData("2026-11-05T02:00Z")]
    [InlineData("2026-11-05T02:00:00+0800")]
    [InlineData("2026-11-05T02:00:00+08")]
    [InlineData("2026-11-05T02:00:00 GMT")]
    [InlineData("2026-11-05T02:00:00+15:00")]
    [InlineData("2026-11-05T02:00:00+08:60")]
    [InlineData("2026-11-05T02:00:00.Z")]
    [InlineData("2026-11-05T02:00:00.0000000001Z")]
    [InlineData("2026-11-05T24:00:00Z")]
    [InlineData("2026-11-05T02:60:00Z")]
    [InlineData("2026-02-29T02:00:00Z")]
    [InlineData("2026-13-01T02:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData(" 2026-11-05T02:00:00Z")]
    [InlineData("２026-11-05T02:00:00Z")]
    public void Whatever_could_mean_something_else_is_not(string text) => Assert.False(Rfc3339.TryParse(text, out _));
}
