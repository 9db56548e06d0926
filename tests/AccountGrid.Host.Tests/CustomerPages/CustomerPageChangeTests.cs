using System.Net;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Notices;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.CustomerPages;

/// <summary>One customer's page says nothing of another, whoever has the account after whom.</summary>
public sealed class CustomerPageChangeTests(PageTest.PageGrid pages) : PageTest(pages)
{
    /// <summary>A number that was set by hand on an account of nobody is not taken for the first customer's, unless it is the customer's own.</summary>
    [Theory]
    [InlineData("13800138000", "13700137000", false)]
    [InlineData("13800138000", "+86 138 0013 8000", true)]
    [InlineData("", "13700137000", true)]
    public async Task A_first_customer_has_the_links_and_the_past_only_where_the_number_is_its_own(string byHand, string own, bool isSame)
    {
        var id = $"MY-F{byHand.Length}{own.Length}";
        await OpenAsync(id, "en", byHand);
        await Customers.PayAsync(id, "500");
        await Customers.LiveAsync(id, 3, 7_000);
        var before = await Grid.Admin.GetAsync<ConsumptionAnswer>($"/v1/accounts/{id}/consumption?by=day");
        var old = await LinkAsync(id);
        await CustomerAsync(id, own, id);
        using var http = Browser();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(old)).StatusCode);
        Assert.Equal(isSame ? 0 : 1, await OffAsync(id));
        var page = await http.GetStringAsync(await LinkAsync(id));
        Assert.NotEmpty(before.Data);

        // The last day is that of the balance, too.
        Assert.All(before.Data.SkipLast(1), d => Assert.Equal(isSame, page.Contains(d.From, StringComparison.Ordinal)));
    }

    /// <summary>Another number beside the one before gives that no links; a number that is gone for a while was somebody's all the same.</summary>
    [Fact]
    public async Task Links_stay_off_beside_the_old_number_and_an_emptied_contact_was_somebodys()
    {
        await OpenAsync("MY-G", "en", "13800138000");
        await CustomerAsync("MY-G", "13700137000", "MY-G");
        await ContactsAsync("MY-G", "13800138000", "13700137000");
        Assert.Equal(1, await OffAsync("MY-G"));
        await ContactsAsync("MY-G", "13700137000");
        Assert.Equal(1, await OffAsync("MY-G"));
        await ContactsAsync("MY-G", "13600136000");
        Assert.Equal(0, await OffAsync("MY-G"));

        await OpenAsync("MY-H", "en", "13800138000");
        await ContactsAsync("MY-H");
        await ContactsAsync("MY-H", "13700137000");
        Assert.Equal(1, await NumberAsync("select count(*)::int from page_link l join account a on a.number = l.account and a.partition = l.partition "
            + "where a.id = 'MY-H' and l.history_from is not null"));
    }

    /// <summary>What is not paid can be of the customer before; a bill of then is not shown either, and the balance is the account's.</summary>
    [Fact]
    public async Task What_the_customer_before_owes_is_not_shown_to_the_one_after()
    {
        await Customers.OpenAsync("MY-K", "postpaid", "cn-residential", []);
        await CustomerAsync("MY-KX", "old-number", "MY-K");
        await Customers.LiveUntilBillAsync("MY-K", whPerDay: 10_000);
        using var http = Browser();
        var bill = Host.CustomerPages.CustomerBill.NameOf(
            Assert.Single(await Grid.Admin.ListAsync<Host.Billing.BillAnswer>("/v1/accounts/MY-K/bills")));
        Assert.Contains("Billed and not paid yet", await http.GetStringAsync(await LinkAsync("MY-K")), StringComparison.Ordinal);
        await CustomerAsync("MY-KX", "old-number");
        await CustomerAsync("MY-KY", "new-number", "MY-K");
        var page = await http.GetStringAsync(await LinkAsync("MY-K"));
        Assert.DoesNotContain("Billed and not paid yet", page, StringComparison.Ordinal);
        Assert.Contains("There are no bills yet.", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"{await LinkAsync("MY-K")}/bills/{bill}")).StatusCode);
        var balance = decimal.Parse((await Grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/MY-K/balance")).Amount);
        Assert.Contains($"{decimal.Round(Math.Abs(balance), 2, MidpointRounding.AwayFromZero):N2} CNY", page, StringComparison.Ordinal);
    }

    /// <summary>One that staff filed and resolved makes no room for a second; one of the customer before is no word about the one after.</summary>
    [Fact]
    public async Task A_complaint_waits_for_the_customers_own_and_for_nobody_elses()
    {
        await OpenAsync("MY-L", "en");
        await CustomerAsync("MY-LX", "old-number", "MY-L");
        var path = await LinkAsync("MY-L");
        using var http = Browser();
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(http, path, ("topic", "bill"), ("text", "First"))).Status);
        var filed = await Grid.SendAsync(HttpMethod.Post, "/v1/accounts/MY-L/complaints", new ComplaintRequest("bill", "By telephone"), key: "my-l");
        Assert.Equal(201, filed.Status);
        await ResolveAsync(filed.Body.GetProperty("id").GetString()!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(http, path, ("topic", "bill"), ("text", "Second"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(http, path, ("topic", "bill"), ("text", "First"))).Status);
        Assert.Equal(2, (await ComplaintsAsync()).Count);

        await CustomerAsync("MY-LX", "old-number");
        await CustomerAsync("MY-LY", "new-number", "MY-L");
        var next = await LinkAsync("MY-L");
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(http, next, ("topic", "bill"), ("text", "First"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(http, next, ("topic", "bill"), ("text", "Another"))).Status);
        Assert.Equal(3, (await ComplaintsAsync()).Count);

        // Resolved, it makes room for one.
        await ResolveAsync((await ComplaintsAsync())[0].Id);
        var together = await Task.WhenAll(new[] { "Third", "Fourth", "Fifth" }.Select(t => PostAsync(http, next, ("topic", "bill"), ("text", t))));
        Assert.Single(together, a => a.Status == HttpStatusCode.SeeOther);
        Assert.Equal(4, (await ComplaintsAsync()).Count);

        Task<List<ComplaintAnswer>> ComplaintsAsync() => Grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/MY-L/complaints");

        async Task ResolveAsync(string complaint) => Assert.Equal(200, (await Grid.SendAsync(
            HttpMethod.Post, $"/v1/accounts/MY-L/complaints/{complaint}/resolution", new ComplaintResolution("notUpheld", "Checked."))).Status);
    }

    /// <summary>Who has a link that was ended costs the database nothing after a while, and keeps nobody from the page.</summary>
    [Fact]
    public async Task A_link_that_was_ended_is_limited_by_itself()
    {
        await OpenAsync("MY-M", "en");
        var ended = await LinkAsync("MY-M");
        Assert.Equal(204, (await Grid.SendAsync(HttpMethod.Delete, "/v1/accounts/MY-M/page-links")).Status);
        var path = await LinkAsync("MY-M");
        using var http = Browser();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(ended)).StatusCode);
        var limits = Grid.Host.Services.GetRequiredService<Host.CustomerPages.CustomerPageLimits>();
        var token = Grid.Host.Services.GetRequiredService<PageLinks>().Read(ended[4..])!.Value;
        while (limits.MayShow(token.Account, token.Generation))
        {
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await http.GetAsync(ended)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
    }
}
