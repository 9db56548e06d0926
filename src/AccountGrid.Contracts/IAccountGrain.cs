using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace AccountGrid.Contracts;

/// <summary>
/// A customer account, awake while somebody looks at it. Its key is the account's id. A call from outside the grid carries an API key or a customer's token in
/// its request context, and may do what the same key may do at the API; others throw <see cref="UnauthorizedAccessException"/>. A refusal by the account is an
/// outcome with a code of the API's catalogue.
/// </summary>
[Alias("AccountGrid.IAccountGrain")]
[Version(1)]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>The account with its live balance; null if it does not exist. Answers of one activation never go back.</summary>
    [Alias("Get")]
    Task<AccountView?> Get();

    /// <summary>
    /// The account with everything up to and including a position folded: what an answer to a payment named. While the cluster is split, another activation may
    /// not have it yet; it then asks its partition, and throws if that has not either.
    /// </summary>
    [Alias("GetAfter")]
    Task<AccountView?> GetAfter(long position);

    /// <summary>Takes a payment. For the role <c>client</c>.</summary>
    /// <param name="order">What was paid.</param>
    /// <param name="key">Idempotency key of the caller's choice, 1 to 128 characters, as the API's: by both ways it counts once.</param>
    [Alias("Pay")]
    Task<MoneyOutcome> Pay(PaymentOrder order, string key);

    /// <summary>A payment is on its way: no cut while it is waited for. For the role <c>client</c>.</summary>
    [Alias("AnnouncePayment")]
    Task<OperationOutcome> AnnouncePayment(AnnouncementOrder order, string key);

    /// <summary>Takes back a payment that bounced. For administrators.</summary>
    [Alias("Reverse")]
    Task<MoneyOutcome> Reverse(ReversalOrder order, string key);

    /// <summary>Pays credit out; above what one person may move a second must agree. For administrators.</summary>
    [Alias("Refund")]
    Task<MoneyOutcome> Refund(RefundOrder order, string key);

    /// <summary>
    /// Corrects the balance by a person's decision; above what one person may move a second must agree. For account managers and administrators.
    /// </summary>
    [Alias("Adjust")]
    Task<MoneyOutcome> Adjust(AdjustmentOrder order, string key);

    /// <summary>Places a hold: no escalation and no cut while it stands. For account managers and administrators.</summary>
    [Alias("PlaceHold")]
    Task<OperationOutcome> PlaceHold(HoldOrder order, string key);

    /// <summary>Lifts a hold. For account managers and administrators.</summary>
    /// <param name="kind">As it was placed.</param>
    /// <param name="reason">At most 256 characters; null is none.</param>
    /// <param name="key">Idempotency key of the caller's choice.</param>
    [Alias("LiftHold")]
    Task<OperationOutcome> LiftHold(string kind, string? reason, string key);

    /// <summary>
    /// Puts the account on a product, or by agreement on one of its versions, from a day on. For administrators.
    /// </summary>
    [Alias("ChangeTariff")]
    Task<OperationOutcome> ChangeTariff(TariffOrder order, string key);

    /// <summary>The account now and at every change, until the caller stops.</summary>
    [AlwaysInterleave]
    [Alias("Changes")]
    IAsyncEnumerable<AccountView> Changes(CancellationToken cancel = default);
}
