using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Accounts;

/// <summary>
/// Checks what is asked of an account, and says which command it stands for: the same for requests of the API and for calls of Orleans clients. Where a refusal
/// is returned, there is no command.
/// </summary>
internal static class AccountOrders
{
    public static Refusal? Of(PaymentRequest body, out Func<int, AccountCommand> command)
    {
        var wrong = Requests.CheckAmount("amount", body.Amount, out var amount) ?? Requests.CheckText("channel", body.Channel)
            ?? Requests.CheckText("reference", body.Reference);
        command = number => new TakePayment(number, amount, body.Channel, body.Reference);
        return wrong;
    }

    public static Refusal? Of(RefundRequest body, string person, out Func<int, AccountCommand> command)
    {
        var wrong = Requests.CheckAmount("amount", body.Amount, out var amount) ?? Requests.CheckText("reason", body.Reason);
        command = number => new RefundCredit(number, amount, body.Reason, person);
        return wrong;
    }

    /// <param name="id">The account's.</param>
    /// <param name="partition">The account's; null where there is no such account, which is somebody else's refusal.</param>
    public static Refusal? Of(AdjustmentRequest body, string id, int? partition, string person, out Func<int, AccountCommand> command)
    {
        var wrong = Requests.CheckAmount("amount", body.Amount, out var amount) ?? Requests.CheckText("reason", body.Reason)
            ?? CheckCorrects(body.Corrects, id, partition);
        command = number => new AdjustBalance(number, amount, body.Reason, person, null, body.CorrectsPosition());
        return wrong;
    }

    public static Refusal? Of(ReversalRequest body, string id, int? partition, out Func<int, AccountCommand> command)
    {
        var payment = PaymentId.Parse(body.Payment);
        command = number => new ReversePayment(number, payment!.Value.Position, body.Reason);
        return Requests.CheckText("reason", body.Reason)
            ?? (payment is not { } named
                ? new Refusal(
                    BillingRefusals.PaymentIdInvalid,
                    $"payment: '{body.Payment}' is not the id of a payment as its answer gave it, partition and position such as 45-100.")
                : partition is { } own && own != named.Partition
                ? new Refusal(
                    BillingRefusals.PaymentUnknown,
                    $"payment: '{body.Payment}' is not a payment of account '{id}', whose payments are named {own}-...")
                : null);
    }

    public static Refusal? OfHold(string? kind, DateTimeOffset? until, string? reason, out Func<int, AccountCommand> command)
    {
        var isKnown = Requests.TryName<HoldKind>(kind, out var hold);
        command = number => new PlaceHold(number, hold, until?.ToUnixTimeMilliseconds(), reason!);
        return isKnown ? Requests.CheckText("reason", reason) : UnknownKind(kind);
    }

    public static Refusal? OfLift(string? kind, string? reason, out Func<int, AccountCommand> command)
    {
        var isKnown = Requests.TryName<HoldKind>(kind, out var hold);
        command = number => new LiftHold(number, hold, reason ?? "");
        return isKnown ? Requests.CheckText("reason", reason) : UnknownKind(kind);
    }

    public static Refusal? OfAnnouncement(string reference, DateTimeOffset until, out Func<int, AccountCommand> command)
    {
        command = number => new AnnouncePayment(number, reference, until.ToUnixTimeMilliseconds());
        return Requests.CheckText("reference", reference);
    }

    private static Refusal UnknownKind(string? kind) =>
        new(CustomerRefusals.HoldKindInvalid, $"kind: '{kind}' is not {string.Join(", ", Enum.GetNames<HoldKind>())}.");

    private static Refusal? CheckCorrects(string? corrects, string id, int? partition) => corrects is null ? null
        : PaymentId.Parse(corrects) is not { } corrected
        ? new Refusal(
            BillingRefusals.AdjustmentIdInvalid,
            $"corrects: '{corrects}' is not the id of an adjustment as its answer gave it, partition and position such as 45-100.")
        : partition is { } own && own != corrected.Partition
        ? new Refusal(
            BillingRefusals.AdjustmentUnknown,
            $"corrects: '{corrects}' is not an adjustment of account '{id}', whose adjustments are named {own}-...")
        : null;
}
