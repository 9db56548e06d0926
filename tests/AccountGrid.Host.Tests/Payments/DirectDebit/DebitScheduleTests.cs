using AccountGrid.Host.Accounts;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Payments.DirectDebit;

/// <summary>With <c>daily</c> the grid announces and makes runs by itself: once each, on business days, with the notice's days between.</summary>
public sealed class DebitScheduleTests(CustomerGrid town) : DirectDebitTests(town)
{
    [Fact]
    public async Task What_is_due_is_announced_and_collected_without_a_request()
    {
        await RegisterAsync(isDaily: true);
        await Town.OpenAsync("DS-A", "postpaid", "cn-residential", []);
        await MandateAsync("DS-A", "M-DS-A", null);
        Assert.Equal(201, (await Grid.SendAsync(HttpMethod.Post, "/v1/accounts/DS-A/adjustments", new AdjustmentRequest("-80", "x"), "a-ds")).Status);
        var due = await BilledAsync(["DS-A"]);
        var schedule = Grid.Host.Services.GetRequiredService<DebitSchedule>();

        var announcedOn = Today;
        List<DateOnly> days = [];
        for (var i = 0; i < 30 && days.Count == 0; i++)
        {
            await MoveAsync(Today.AddDays(1));
            announcedOn = Today;
            await schedule.FollowAsync();
            await schedule.FollowAsync();
            days = await Grid.Host.Services.GetRequiredService<DebitStore>().DaysToRunAsync(Channel, Today, Today.AddDays(60));
        }

        var day = Assert.Single(days);
        Assert.True(day >= due && day >= announcedOn.AddDays(2), $"due on {due}, announced on {announcedOn} for {day}");
        Assert.False(day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday, day.ToString());
        Assert.Equal("announced", Assert.Single(await ItemsAsync(day)).State);
        Assert.Single(await Town.NoticesAsync("DS-A", n => n.Any(x => x.Kind == "direct-debit")), n => n.Kind == "direct-debit");

        await MoveAsync(day);
        await schedule.FollowAsync();
        var run = await Eventually.GetAsync(
            () => Grid.Admin.GetAsync<DebitRunAnswer>($"/v1/direct-debit/runs/{Channel}/{day:yyyy-MM-dd}"), r => r.State == "made", "The run");
        Assert.Equal(("sent", 1L, "80.000000000"), run.Items.Select(i => (i.State, i.Count, i.Amount)).Single());
        await Grid.AssertAuditAsync();
    }
}
