using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Payments.DirectDebit;

/// <summary>What was not collected is collected later, once: days without a run, holds, races of two processes, money that paid an older due day.</summary>
public sealed class DebitAgainTests(CustomerGrid town) : DirectDebitTests(town)
{
    private static readonly string[] Early = ["AG-MISS", "AG-HELD", "AG-RACE", "AG-BARE"];

    private static readonly string[] Late = ["AG-OLD", "AG-ONE", "AG-TWO", "AG-BOTH"];

    [Fact]
    public async Task What_was_not_collected_is_announced_again()
    {
        await RegisterAsync();
        foreach (var account in Early.Concat(Late))
        {
            await Town.OpenAsync(account, "postpaid", "cn-residential", []);
            await OweAsync(account, 1);
        }

        foreach (var account in Early)
        {
            await MandateAsync(account, $"M-{account}", null);
        }

        var first = await BilledAsync([.. Early, .. Late]);
        var run = await MissedAsync(first);
        await HeldAsync(first, run);
        await RaceAsync(run);
        await RefusedReportAsync(run);
        await Grid.AssertAuditAsync();
        await LaterMandatesAsync(first);
        await Grid.AssertAuditAsync();
    }

    /// <summary>No run is made on the day: the collections are marked, and announced for a later day under the next number.</summary>
    private async Task<DateOnly> MissedAsync(DateOnly first)
    {
        Assert.Equal(("announced", 4L), Sums(await AnnounceAsync(first)).Single());
        await MoveAsync(first.AddDays(1));
        var again = Today.AddDays(1);
        Assert.Equal(("announced", 4L), Sums(await AnnounceAsync(again)).Single());
        Assert.All(await ItemsAsync(first), i => Assert.Equal(("skipped", "debit.day_over"), (i.State, i.Why)));
        Assert.All(await ItemsAsync(again), i => Assert.Equal((1, first, $"DD-{first:yyyyMMdd}", "-2"), (i.Presentation, i.DueDay, i.Id[..11], i.Id[^2..])));
        return again;
    }

    /// <summary>A hold stands on the day of the run, and is lifted: the day after, it is announced once more.</summary>
    private async Task HeldAsync(DateOnly first, DateOnly day)
    {
        await HoldAsync("AG-HELD");
        await MoveAsync(day);
        await RunAsync(day);
        var states = (await ItemsAsync(day)).ToDictionary(i => i.Account, i => (i.State, i.Why));
        Assert.Equal(("skipped", "debit.held"), states["AG-HELD"]);
        Assert.Equal(("sent", (string?)null), states["AG-MISS"]);
        var tomorrow = Today.AddDays(1);
        Assert.Equal(("debit.held", 1L), (await AnnounceAsync(tomorrow)).NotAnnounced!.Select(n => (n.Why!, n.Count)).Single());
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Delete, "/v1/accounts/AG-HELD/holds/dispute?reason=decided")).Status);
        Assert.Equal(("announced", 1L), Sums(await AnnounceAsync(tomorrow)).Single());
        await MoveAsync(tomorrow);
        await RunAsync(tomorrow);
        var item = Assert.Single(await ItemsAsync(tomorrow));
        Assert.Equal(("AG-HELD", "sent", 1, "FRST", first), (item.Account, item.State, item.Presentation, item.Sequence, item.DueDay));
    }

    /// <summary>A claim was accepted, and another process wrote the next one: it is being collected already, so it is sent, and a run is made by one.</summary>
    private async Task RaceAsync(DateOnly day)
    {
        var store = Grid.Host.Services.GetRequiredService<DebitStore>();
        var keeper = Grid.Host.Services.GetRequiredService<DebitBookkeeper>();
        await using (await Eventually.GetAsync(() => store.LockAsync(Channel, day), l => l is not null, "The lock of the run"))
        {
            await ExecuteAsync("update debit_item set state = 'claimed', attempt = attempt + 1 where account_id = 'AG-RACE' and state = 'sent'; "
                + "update debit_run set state = 'open'");
            await keeper.EndLeftAsync(TimeSpan.Zero);
            Assert.Equal("claimed", (await ItemsAsync(day)).Single(i => i.Account == "AG-RACE").State);
        }

        await keeper.EndLeftAsync(TimeSpan.Zero);
        await RunAsync(day);
        Assert.Equal(("sent", (string?)null), (await ItemsAsync(day)).Where(i => i.Account == "AG-RACE").Select(i => (i.State, i.Why)).Single());
    }

    /// <summary>The account's log refuses what came back: a person has a case all the same.</summary>
    private async Task RefusedReportAsync(DateOnly day)
    {
        await Grid.Admin.PostAsync<object>("/v1/accounts", new OpenAccountRequest("AG-PLAIN", "flat", OpenedOn: Today));
        var item = (await ItemsAsync(day)).Single(i => i.Account == "AG-BARE");
        await ExecuteAsync($"update debit_item set (account_id, account) = (select id, number from account where id = 'AG-PLAIN') where id = '{item.Id}'");
        Assert.Equal("{\"rejected\":1}", await OutcomesAsync($"1|{item.Id}|8000|51|MD06\n"));
        var id = CaseDesk.IdOfChannel(CaseKind.DebitReturned, Channel, item.Id);
        var work = (await Grid.Admin.GetAsync<CaseHistoryAnswer>($"/v1/cases/{id}")).Case;
        Assert.Contains("AG-PLAIN: MD06; customer.no_policy", work.Subject, StringComparison.Ordinal);
        Assert.Equal("80.000000000", work.Amount);
        await ExecuteAsync($"update debit_item set (account_id, account) = (select id, number from account where id = 'AG-BARE') where id = '{item.Id}'");
    }

    /// <summary>Mandates that come when two due days are open.</summary>
    private async Task LaterMandatesAsync(DateOnly first)
    {
        foreach (var account in Late)
        {
            await OweAsync(account, 2);
        }

        var second = await SecondDueAsync(first);
        await MandateAsync("AG-OLD", "M-AG-OLD", null, signedOn: first.AddDays(1));
        await MandateAsync("AG-ONE", "M-AG-ONE", null, isOneOff: true);
        await MandateAsync("AG-TWO", "M-AG-TWO", null);
        await MandateAsync("AG-BOTH", "M-AG-BOTH", null);
        await AnnounceAsync(second);
        var announced = (await ItemsAsync(second)).ToLookup(i => i.Account, i => i.DueDay);
        Assert.Equal([first], announced["AG-ONE"]);
        Assert.Equal([second], announced["AG-OLD"]);
        Assert.Equal([first, second], announced["AG-TWO"].Order());
        await ExecuteAsync("update debit_mandate set one_off = true where id = 'M-AG-BOTH'");
        await MoveAsync(second);
        await RunAsync(second);
        var items = (await ItemsAsync(second)).ToLookup(i => i.Account);
        Assert.Equal(["FRST", "RCUR"], items["AG-TWO"].Select(i => i.Sequence).Order());
        Assert.Equal([("sent", null), ("skipped", "debit.mandate_inactive")], items["AG-BOTH"].Select(i => (i.State, i.Why)).Order());

        // The money pays the older due day, which the mandate does not cover; what is open of the later one is collected under another number.
        var old = items["AG-OLD"].Single();
        Assert.Equal("{\"booked\":1}", await OutcomesAsync($"1|{old.Id}|8000|00|\n"));
        var tomorrow = Today.AddDays(1);
        await AnnounceAsync(tomorrow);
        var rest = (await ItemsAsync(tomorrow)).Single(i => i.Account == "AG-OLD");
        Assert.Equal((second, 1, "80.000000000", "announced"), (rest.DueDay, rest.Presentation, rest.Announced, rest.State));
        Assert.EndsWith("-2", rest.Id, StringComparison.Ordinal);
        Assert.DoesNotContain(await ItemsAsync(tomorrow), i => i.Account == "AG-ONE");
    }

    private async Task<DateOnly> SecondDueAsync(DateOnly first)
    {
        for (var day = 0; day < 45; day++)
        {
            await MoveAsync(Today.AddDays(1));
            var due = await DuesAsync(Late);
            if (due.TrueForAll(d => d > first))
            {
                return due.Distinct().Single();
            }
        }

        throw new InvalidOperationException("No second bill came in 45 days.");
    }

    private async Task OweAsync(string account, int number) => Assert.Equal(201,
        (await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/adjustments", new AdjustmentRequest("-80", "x"), $"a{number}{account}")).Status);

    private async Task HoldAsync(string account)
    {
        var (status, body) = await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/holds", new HoldRequest("dispute", "a bill"));
        Assert.True(status is 200 or 201, body.ToString());
    }

    private static List<(string State, long Count)> Sums(DebitDayAnswer answer) => [.. answer.Items.Select(i => (i.State, i.Count))];
}
