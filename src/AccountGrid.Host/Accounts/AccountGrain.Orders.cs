using System.Globalization;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrid.Host.Accounts;

/// <summary>What Orleans clients order: the same checks, keys and commands as the API's.</summary>
internal sealed partial class AccountGrain
{
    public async Task<MoneyOutcome> Pay(PaymentOrder order, string key)
    {
        var wrong = AccountOrders.Of(new PaymentRequest(Text(order.Amount), order.Channel, order.Reference), out var command);
        return MoneyOf(await OrderAsync("payment", key, wrong, command));
    }

    public async Task<OperationOutcome> AnnouncePayment(AnnouncementOrder order, string key)
    {
        var wrong = AccountOrders.OfAnnouncement(order.Reference, order.Until, out var command);
        return OperationOf(await OrderAsync("announce", key, wrong, command));
    }

    public async Task<MoneyOutcome> Reverse(ReversalOrder order, string key)
    {
        var body = new ReversalRequest(order.Payment, order.Reason);
        var wrong = AccountOrders.Of(body, this.GetPrimaryKeyString(), (await Address())?.Partition, out var command);
        return MoneyOf(await OrderAsync("reversal", key, wrong, command));
    }

    public async Task<MoneyOutcome> Refund(RefundOrder order, string key)
    {
        var body = new RefundRequest(Text(order.Amount), order.Reason);
        var wrong = AccountOrders.Of(body, OutsideCaller.Current.Person, out var command);
        return await ApprovableAsync("refund", body, key, await OrderAsync("refund", key, wrong, command));
    }

    public async Task<MoneyOutcome> Adjust(AdjustmentOrder order, string key)
    {
        var body = new AdjustmentRequest(Text(order.Amount), order.Reason, order.Corrects);
        var wrong = AccountOrders.Of(body, this.GetPrimaryKeyString(), (await Address())?.Partition, OutsideCaller.Current.Person, out var command);
        return await ApprovableAsync("adjustment", body, key, await OrderAsync("adjustment", key, wrong, command));
    }

    public async Task<OperationOutcome> PlaceHold(HoldOrder order, string key)
    {
        var wrong = AccountOrders.OfHold(order.Kind, order.Until, order.Reason, out var command);
        return OperationOf(await OrderAsync("hold", key, wrong, command));
    }

    public async Task<OperationOutcome> LiftHold(string kind, string? reason, string key)
    {
        var wrong = AccountOrders.OfLift(kind, reason, out var command);
        return OperationOf(await OrderAsync("lift", key, wrong, command));
    }

    public async Task<OperationOutcome> ChangeTariff(TariffOrder order, string key)
    {
        var (tariff, wrong) = await tariffs.FindForAsync(order.Tariff, order.Version, _ => order.From.DayNumber, "from");
        return OperationOf(await OrderAsync("change", key, wrong,
            number => new ChangeTariff(number, tariff!.Number, order.From.DayNumber, order.Version is null)));
    }

    private async Task<OutcomeView> OrderAsync(string kind, string key, Refusal? wrong, Func<int, AccountCommand> command)
    {
        wrong ??= Requests.CheckKey(OutsideCaller.Current.Caller, key, out key);
        if (wrong is not null)
        {
            return new OutcomeView(0, 0, wrong.Code.Text, wrong.Detail, 0, Replayed: false);
        }

        // Execute answers for an account that is not there.
        var asked = command((await Address())?.Number ?? 0);
        return await Execute(asked.ToBytes(), $"{kind}:{(await Address())?.Number}:{key}", Requests.HashOf(asked));
    }

    /// <summary>What only a second person's word is missing for waits for it, as an order by the API does.</summary>
    private async Task<MoneyOutcome> ApprovableAsync(string kind, object body, string key, OutcomeView outcome)
    {
        if (outcome.Code != AccessRefusals.ApprovalNeeded.Text || Requests.CheckKey(OutsideCaller.Current.Caller, key, out var own) is not null)
        {
            return MoneyOf(outcome);
        }

        return await approvals.AskAsync(this.GetPrimaryKeyString(), kind, body, OutsideCaller.Current.Person, own) switch
        {
            Accepted<ApprovalAnswer> { Value: { } asked } => MoneyOf(outcome) with { Approval = asked.Approval },
            ProblemHttpResult { ProblemDetails: var problem } => MoneyOf(outcome) with { Code = (string)problem.Extensions["code"]!, Detail = problem.Detail },
            var other => throw new InvariantBrokenException($"An approval was answered with {other.GetType().Name}."),
        };
    }

    private static MoneyOutcome MoneyOf(OutcomeView outcome) => outcome.Accepted
        ? new(null, null, new PaymentId(outcome.Partition, outcome.Position).ToString(), Decimal(outcome.AmountNano), Decimal(outcome.BalanceNano),
            outcome.Position, outcome.Replayed)
        : new(outcome.Code, outcome.Detail, null, 0, 0, 0, false);

    private static OperationOutcome OperationOf(OutcomeView outcome) => new(outcome.Code, outcome.Detail, outcome.Accepted ? outcome.Position : 0);

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static decimal Decimal(long nano) => nano / 1_000_000_000m;
}
