using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Payments;

/// <summary>Tells a channel what a customer can pay. A query that names an amount keeps supply from being cut while the payment is waited for.</summary>
internal sealed class ChannelQueries(ChannelPaymentStore store, GridDirectory directory, IGrainFactory grains)
{
    public async Task<ChannelQueryAnswer> AnswerAsync(PaymentChannelDefinition d, ChannelQueryRequest r, Money amount, DateTimeOffset now, TimeSpan valid)
    {
        var id = r.Account ?? (Ids.IsValid(r.Meter) ? await AccountOfMeterAsync(r.Meter!) : null);
        if (!Ids.IsValid(id) || await directory.FindAccountAsync(id!) is not { } address || await grains.Account(id!).Get() is not { } view
            || view.Currency != d.Currency)
        {
            return new("no_such_account", ChannelTexts.Never, ChannelTexts.Query("no_such_account", id ?? r.Meter ?? "", default, d.Currency));
        }

        var workflow = await grains.Partition(address.Partition).Workflow(address.Number);
        var digits = Currencies.DigitsOf(d.Currency)!.Value;
        var balance = new Money(view.BalanceNano);
        var owed = workflow is not null ? new Money(workflow.ToPayNano) : balance.IsNegative ? (-balance).RoundedUpTo(digits) : Money.Zero;
        var result = owed > Money.Zero ? "ok" : view.IsOpen ? "nothing_owed" : "closed_account";
        if (result == "closed_account")
        {
            return new(result, ChannelTexts.Never, ChannelTexts.Query(result, id!, owed, d.Currency), Account: id, Currency: d.Currency,
                Balance: balance.ToString());
        }

        var reference = Guid.CreateVersion7();
        await store.AddQueryAsync(reference, d.Id, id!, owed, now, now + valid);
        if (amount > Money.Zero && d.PendingMinutes > 0 && workflow is not null)
        {
            var announced = new AnnouncePayment(address.Number, reference.ToString(), now.AddMinutes(d.PendingMinutes).ToUnixTimeMilliseconds());
            await grains.Account(id!).Execute(announced.ToBytes(), $"channel-query:{reference:N}", Requests.HashOf(announced));
        }

        return new(
            result,
            ChannelTexts.Now,
            ChannelTexts.Query(result, id!, owed, d.Currency),
            reference.ToString(),
            id,
            view.Mode,
            d.Currency,
            balance.ToString(),
            owed.ToString(),
            new Money(workflow?.LateFeesNano ?? 0).ToString(),
            d.Exactness == "any" || owed == Money.Zero ? d.MinAmount : owed.ToString(),
            d.Exactness == "exact" && owed > Money.Zero ? owed.ToString() : d.MaxAmount,
            d.Exactness,
            [.. (workflow?.Dues ?? []).Select(due => new ChannelDue(Instants.DayToText(due.Day), new Money(due.Nano).ToString()))],
            now + valid);
    }

    private async Task<string?> AccountOfMeterAsync(string meter) =>
        await directory.FindMeterAsync(meter) is { Account: > 0 } found ? await directory.AccountIdAsync(found.Account) : null;
}
