using AccountGrid.Domain.Rating;
using AccountGrid.Host.CustomerPages;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Tests.CustomerPages;

/// <summary>Links of customers' pages as texts: what is signed, what is read, and what others see of it.</summary>
public sealed class PageLinksTests
{
    private static readonly PageToken Token = new(4_711, 1_234_567, 1_772_000_000_000, IsOfStaff: false);

    private readonly NoticeOptions _options = new() { CustomerPageUrl = "https://power.example/", CustomerPageDays = 30 };
    private readonly PageLinks _links;

    public PageLinksTests() => _links = new(new GridSecret(new byte[32]), _options);

    [Fact]
    public void A_link_reads_back_and_every_changed_byte_makes_it_nothing()
    {
        var text = _links.TokenOf(Token);
        Assert.Equal(44, text.Length);
        Assert.Equal(Token, _links.Read(text));
        Assert.Equal($"https://power.example/my/{text}", _links.Of(Token));
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var other in "AZ_")
            {
                var changed = text[..i] + other + text[(i + 1)..];
                Assert.Equal(changed == text, _links.Read(changed) is not null);
            }
        }

        Assert.NotEqual(_links.Read(_links.TokenOf(Token with { IsOfStaff = true })), Token);
        Assert.Null(new PageLinks(new GridSecret([.. Enumerable.Repeat((byte)1, 32)]), _options).Read(text));
    }

    /// <summary>Decoders of base64 forgive spaces and padding: each link has one spelling, or it would count as many.</summary>
    [Theory]
    [InlineData(" {0}")]
    [InlineData("{0} ")]
    [InlineData("{0}\n")]
    [InlineData("{0}=")]
    [InlineData("{0}A")]
    [InlineData("{0}/")]
    [InlineData("")]
    [InlineData("x")]
    public void A_link_has_one_spelling(string form) =>
        Assert.Null(_links.Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, _links.TokenOf(Token))));

    [Fact]
    public void A_link_of_a_message_lasts_as_long_as_is_set_and_one_of_staff_a_day()
    {
        var made = DateTimeOffset.FromUnixTimeMilliseconds(Token.MadeMs);
        Assert.Equal(made.AddDays(30), _links.EndOf(Token));
        Assert.Equal(made.AddDays(1), _links.EndOf(Token with { IsOfStaff = true }));
    }

    [Fact]
    public void The_name_of_a_link_does_not_open_it()
    {
        var name = _links.NameOf(Token);
        Assert.Matches("^[0-9a-f]{16}$", name);
        Assert.NotEqual(name, _links.NameOf(Token with { Generation = 1 }));
        Assert.Null(_links.Read(name));
    }

    [Fact]
    public void What_is_kept_of_a_message_opens_nothing_until_it_leaves()
    {
        var kept = $"Hello.\nSee: {_links.PlaceOf(Token.Generation)}";
        Assert.Equal("Hello.\nSee: https://power.example/my/[1234567]", kept);
        var sent = _links.Fill(kept, Token.Account, DateTimeOffset.FromUnixTimeMilliseconds(Token.MadeMs));
        Assert.Equal($"Hello.\nSee: {_links.Of(Token)}", sent);
        Assert.Equal("Hello.\nSee: https://power.example/my/…", LinkText.Hide(sent));
        Assert.Equal("Hello.\nSee: https://power.example/my/…", LinkText.Hide(kept));

        // An address of another's is no place for a link.
        Assert.Equal("https://evil.example/my/[5]", _links.Fill("https://evil.example/my/[5]", 1, DateTimeOffset.UnixEpoch));
        Assert.Equal(kept, new PageLinks(new GridSecret(new byte[32]), new NoticeOptions()).Fill(kept, 1, DateTimeOffset.UnixEpoch));
    }

    /// <summary>What a server says of a link, however it writes it; what is no link stays.</summary>
    [Theory]
    [InlineData("554 https://power.example/my/{0} is listed", "554 https://power.example/… is listed")]
    [InlineData("554 https://power.example/s/{0}", "554 https://power.example/…")]
    [InlineData("554 HTTPS://POWER.EXAMPLE/MY/{0} rejected", "554 HTTPS://POWER.EXAMPLE/… rejected")]
    [InlineData("554 https%3A%2F%2Fpower.example%2Fmy%2F{0} rejected", "554 https%3A%2F%2Fpower.example/… rejected")]
    [InlineData("554 power.example%252fmy%252f{0}", "554 power.example/…")]
    [InlineData("554 power.example&#x2F;my&#x2F;{0}", "554 power.example/…")]
    [InlineData("554 token {0} rejected", "554 token … rejected")]
    [InlineData("554 https://power.example/my/{1}... rejected", "554 https://power.example/… rejected")]
    [InlineData("554 https://power.example/my/{1}=\r\n{2} rejected", "554 https://power.example/… rejected")]
    [InlineData("554 https://power.example/my/\n {0} rejected", "554 https://power.example/… rejected")]
    [InlineData("450 4.2.0 a@example.org: queued as 4XyZ0123456789", "450 4.2.0 a@example.org: queued as 4XyZ0123456789")]
    [InlineData("The receiver answered 500.", "The receiver answered 500.")]
    public void What_a_server_says_has_no_link(string said, string kept)
    {
        var token = _links.TokenOf(Token);
        Assert.Equal(kept, LinkText.HideInAnswer(said.Replace("{0}", token, StringComparison.Ordinal).Replace("{1}", token[..3], StringComparison.Ordinal)
            .Replace("{2}", token[3..], StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/my/abc", "/my/…")]
    [InlineData("/my/abc/def", "/my/…")]
    [InlineData("/MY/abc", "/MY/…")]
    [InlineData("/s/x", "/s/…")]
    [InlineData("/my", "/my")]
    [InlineData("/v1/my/abc", "/v1/my/abc")]
    [InlineData("/v1/accounts/A/balance", "/v1/accounts/A/balance")]
    public void A_path_in_the_log_has_no_link(string path, string said) => Assert.Equal(said, LinkText.HideInPath(path));

    [Theory]
    [InlineData("", null)]
    [InlineData("https://power.example", null)]
    [InlineData("http://127.0.0.1:5080", null)]
    [InlineData("http://localhost", null)]
    [InlineData("http://power.example", "Notices__CustomerPageUrl: 'http://power.example' is not an address such as https://power.example")]
    [InlineData("power.example", "Notices__CustomerPageUrl: 'power.example' is not")]
    [InlineData("https://power.example?x=1", "Notices__CustomerPageUrl:")]
    [InlineData("https://power.example/#x", "Notices__CustomerPageUrl:")]
    [InlineData("https://u:p@power.example", "Notices__CustomerPageUrl:")]
    public void The_address_of_the_pages_is_one_that_nobody_on_the_way_can_read(string address, string? problem)
    {
        var said = new NoticeOptions { CustomerPageUrl = address }.Problem();
        Assert.True(problem is null ? said is null : said!.StartsWith(problem, StringComparison.Ordinal), said);
    }

    /// <summary>The day on which an account changed hands belongs to two customers, and is nobody's to see.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData("2026-03-10T00:00:00+08:00", "2026-03-10")]
    [InlineData("2026-03-10T00:00:00.001+08:00", "2026-03-11")]
    [InlineData("2026-03-10T12:00:00+08:00", "2026-03-11")]
    [InlineData("2026-03-10T23:59:59.999+08:00", "2026-03-11")]
    [InlineData("2026-03-09T16:00:00Z", "2026-03-10")]
    public void A_customer_sees_days_that_are_theirs_alone(string? changed, string? first)
    {
        var at = changed is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(changed, System.Globalization.CultureInfo.InvariantCulture);
        var from = CustomerSeen.From(at, LocalCalendar.Find("Asia/Shanghai")!);
        Assert.Equal(first, from?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(first is null, CustomerSeen.IsSeen("2026-03-09", from));
        Assert.True(CustomerSeen.IsSeen("2026-03-11", from));
        Assert.Equal(first != "2026-03-11", CustomerSeen.IsSeen("2026-03-10", from));
    }
}
