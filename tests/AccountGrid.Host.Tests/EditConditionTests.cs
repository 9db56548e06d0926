using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Webhooks;

namespace AccountGrid.Host.Tests;

/// <summary>Of two people who change the same, the second is told that it was changed since they read it.</summary>
public sealed class EditConditionTests(GridFixture grid)
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 0, 0, 0, 1, TimeSpan.Zero);

    public static TheoryData<string?, string?, bool, string?> Conditions => new()
    {
        { null, null, true, null },
        { null, null, false, null },
        { EditCondition.TagOf(At), null, true, null },
        { EditCondition.TagOf(At.AddMicroseconds(1)), null, true, "request.changed_since" },
        { $"W/{EditCondition.TagOf(At)}", null, true, "request.changed_since" },
        { $"\"other\", {EditCondition.TagOf(At)}", null, true, null },
        { "*", null, true, null },
        { "*", null, false, "request.changed_since" },
        { EditCondition.TagOf(At), null, false, "request.changed_since" },
        { "untagged", null, true, "request.invalid" },
        { null, "*", false, null },
        { null, "*", true, "request.changed_since" },
        { null, EditCondition.TagOf(At), true, "request.invalid" },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_holds_for_the_row_that_was_read_and_no_other(string? match, string? none, bool exists, string? code) =>
        Assert.Equal(code, new EditCondition(match, none).WhyNot(exists ? At : null)?.Code.Text);

    [Theory]
    [InlineData("customer")]
    [InlineData("area")]
    [InlineData("contact")]
    [InlineData("webhook")]
    public async Task The_second_of_two_who_read_the_same_does_not_write_over_the_first(string what)
    {
        var (path, body) = await MakeAsync(what);
        using var read = await grid.Http.GetAsync(path);
        var tag = read.Headers.ETag!.ToString();
        using var first = await PutAsync(path, body(1), tag);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.NotEqual(tag, first.Headers.ETag!.ToString());
        using var second = await PutAsync(path, body(2), tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
        Assert.Equal("request.changed_since", await CodeAsync(second));
        using var again = await grid.Http.GetAsync(path);
        Assert.Equal(first.Headers.ETag!.ToString(), again.Headers.ETag!.ToString());
        using var knowing = await PutAsync(path, body(2), again.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, knowing.StatusCode);

        // Without a condition the last one wins, as before.
        using var blind = await PutAsync(path, body(3), null);
        Assert.Equal(HttpStatusCode.OK, blind.StatusCode);
    }

    [Fact]
    public async Task Of_many_who_write_at_once_by_the_same_tag_one_does()
    {
        var (path, body) = await MakeAsync("customer");
        using var read = await grid.Http.GetAsync(path);
        var tag = read.Headers.ETag!.ToString();
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => PutAsync(path, body(i), tag)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task A_condition_that_nobody_looks_at_is_refused()
    {
        await grid.OpenAsync("COND-1");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/accounts/COND-1/holds");
        request.Content = JsonContent.Create(new HoldRequest("manual", "r"));
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var answer = await grid.Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.BadRequest, "request.condition_unsupported"), (answer.StatusCode, await CodeAsync(answer)));
    }

    private async Task<(string Path, Func<int, object> Body)> MakeAsync(string what)
    {
        var id = $"EC-{Guid.NewGuid():N}"[..20];
        switch (what)
        {
            case "customer":
                Func<int, object> customer = i => new CustomerProfileRequest($"Customer {i}", "business", "large");
                var (made, _) = await grid.SendAsync(HttpMethod.Post, "/v1/customers", new CustomerProfileRequest("Customer", "business", "large", id));
                Assert.Equal(201, made);
                return ($"/v1/customers/{id}", customer);
            case "area":
                Func<int, object> area = i => new AreaRequest($"Area {i}", "Asia/Shanghai");
                Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/areas/{id}", area(0))).Status);
                return ($"/v1/areas/{id}", area);
            case "contact":
                await grid.OpenAsync(id);
                Func<int, object> contact = i => new ContactRequest("en", [new ContactChannel("sms", $"1381234567{i}")]);
                Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact", contact(0))).Status);
                return ($"/v1/accounts/{id}/contact", contact);
            default:
                Func<int, object> webhook = i => new ChangeWebhookRequest($"https://hooks.example.com/{i}");
                var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/webhooks", new WebhookRequest("https://hooks.example.com/0"));
                Assert.Equal(201, status);
                return ($"/v1/webhooks/{answer.GetProperty("webhook").GetProperty("id").GetGuid()}", webhook);
        }
    }

    private async Task<HttpResponseMessage> PutAsync(string path, object body, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, body.GetType()) };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await grid.Http.SendAsync(request);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString();
}
