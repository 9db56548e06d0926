using System.Net;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Webhooks;

namespace AccountGrid.Host.Tests.Webhooks;

/// <summary>To which addresses a webhook may go.</summary>
public sealed class WebhookTargetTests
{
    [Theory]
    [InlineData("https://hooks.example/events")]
    [InlineData("https://hooks.example:8443/events?tenant=1")]
    [InlineData("https://203.0.113.7/events")]
    [InlineData("https://[2600:1f18::1]/events")]
    public void A_public_https_address_is_allowed(string url)
    {
        Assert.Null(WebhookTarget.Problem(url, allowPrivate: false));
        Assert.Null(WebhookTarget.Problem(url, allowPrivate: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/events")]
    [InlineData("hooks.example/events")]
    [InlineData("ftp://hooks.example/events")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:25/x")]
    [InlineData("https://user:password@hooks.example/")]
    [InlineData("https://hooks.example@10.0.0.1/")]
    [InlineData("https://hooks.example/#part")]
    [InlineData("https://hooks.example/a b")]
    [InlineData("https://hooks.example\\@10.0.0.1/")]
    [InlineData("https://hooks.example/\r\nHost: inner")]
    [InlineData("https://höks.example/")]
    [InlineData("http://hooks.example/events")]
    [InlineData("http://10.0.0.1/events")]
    public void What_is_no_plain_https_address_is_refused_in_any_case(string url)
    {
        Assert.NotNull(WebhookTarget.Problem(url, allowPrivate: false));
        Assert.NotNull(WebhookTarget.Problem(url, allowPrivate: true));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/")]
    [InlineData("http://localhost:5000/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://172.16.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://[64:ff9b::a00:1]/")]
    [InlineData("https://[2002:a00:1::]/")]
    public void A_private_address_needs_the_setting_however_it_is_written(string url)
    {
        Assert.NotNull(WebhookTarget.Problem(url, allowPrivate: false));
        Assert.Null(WebhookTarget.Problem(url, allowPrivate: true));
    }

    /// <summary>The old form of an IPv4 address in IPv6.</summary>
    [Theory]
    [InlineData("::10.0.0.1", true)]
    [InlineData("::8.8.8.8", true)]
    [InlineData("2600:1f18::1", false)]
    public void An_old_spelling_of_an_address_is_private(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, GuardedHttp.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public void Doctor_finds_what_the_grid_paused_and_not_what_somebody_did()
    {
        var at = new DateTimeOffset(2026, 11, 30, 16, 0, 0, TimeSpan.Zero);
        var gone = new WebhookAnswer(
            Guid.Empty, "https://hooks.example/", [], null, false, null, "paused", "gone", "The receiver answered 410.", at, 1, at, 3, 0, null, "key 1", at);
        var found = Assert.Single(DoctorChecks.Webhooks([gone, gone with { PausedWhy = "asked" }, gone with { State = "active", PausedWhy = null }]));
        Assert.Equal("webhook.paused", found.Code);
        Assert.Contains("2026-11-30T16:00:00Z (gone): The receiver answered 410.", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delivery_waits_longer_each_time_and_is_given_up_after_about_a_day()
    {
        var first = TimeSpan.FromSeconds(5);
        double[] middle = [.. Enumerable.Range(1, 10).Select(a => WebhookSchedule.After(a, first, 0.5, null)!.Value.TotalSeconds)];
        Assert.Equal([5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600, 21_600, 21_600], middle);
        Assert.InRange(middle.Sum(), 24 * 3_600, 30 * 3_600);
        Assert.Null(WebhookSchedule.After(WebhookSchedule.AttemptsMax, first, 0.5, null));
        Assert.Equal(4, WebhookSchedule.After(1, first, 0, null)!.Value.TotalSeconds);
        Assert.Equal(6, WebhookSchedule.After(1, first, 1, null)!.Value.TotalSeconds, 9);
        Assert.Equal(120, WebhookSchedule.After(1, first, 0.5, TimeSpan.FromMinutes(2))!.Value.TotalSeconds);
        Assert.Equal(21_600, WebhookSchedule.After(1, first, 0.5, TimeSpan.FromDays(9))!.Value.TotalSeconds);
        Assert.Equal(5, WebhookSchedule.After(1, first, 0.5, TimeSpan.FromSeconds(-9))!.Value.TotalSeconds);
    }
}
